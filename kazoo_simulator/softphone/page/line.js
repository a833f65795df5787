// The websocket to the simulator; it comes back by itself.

const RETRY_MS = 1500;

/** Connect; `heard` gets each message, `changed` whether there is a connection. */
export function connect({ heard, changed }) {
  let socket = null;

  const open = () => {
    socket = new WebSocket(`ws://${location.host}/calls`);
    socket.addEventListener("open", () => changed(true));
    socket.addEventListener("message", (message) => heard(JSON.parse(message.data)));
    socket.addEventListener("close", () => {
      changed(false);
      setTimeout(open, RETRY_MS);
    });
  };
  open();

  return {
    say(message) {
      if (socket.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
  };
}
