// Telephone tones, made by the browser.

const KEY_ROWS = [697, 770, 852, 941];
const KEY_COLUMNS = [1209, 1336, 1477];
const KEYS = "123456789*0#";
const MELODY = [392, 493.88, 587.33, 493.88, 440, 523.25, 659.25, 523.25];

export class Tones {
  #context = null;
  #stop = null;
  #sounds = new Set();
  #on = true;

  /** Allow or forbid all tones. */
  set on(value) {
    this.#on = value;
    if (!value) this.silence();
  }

  /** Browsers let a page sound only after a click or a key; call this from one. */
  wake() {
    if (!("AudioContext" in window)) return;
    this.#context ??= new AudioContext();
    if (this.#context.state === "suspended") this.#context.resume().catch(() => {});
  }

  /** The two tones of a key. */
  key(key) {
    const position = KEYS.indexOf(key);
    if (position >= 0) this.#beep([KEY_ROWS[Math.floor(position / 3)], KEY_COLUMNS[position % 3]], 0.16, 0.06);
  }

  /** What the caller hears while a phone rings. */
  ringback() {
    this.#repeat(6000, () => this.#beep([440, 480], 2, 0.05));
  }

  /** Something soft for hold music. */
  music() {
    let note = 0;
    this.#repeat(600, () => this.#beep([MELODY[note++ % MELODY.length]], 0.55, 0.035, "triangle"));
  }

  /** Stands for a recording, which is not here to be played. */
  recording() {
    this.silence();
    this.#beep([523.25], 0.18, 0.05, "triangle");
    this.#beep([659.25], 0.3, 0.05, "triangle", 0.2);
  }

  /** A tone of the callflow. */
  tone() {
    this.silence();
    this.#beep([440], 0.4, 0.05);
  }

  /** The call is over. */
  ended() {
    this.silence();
    for (const at of [0, 0.4, 0.8]) this.#beep([480, 620], 0.22, 0.04, "sine", at);
  }

  /** Stop what repeats. */
  silence() {
    this.#stop?.();
    this.#stop = null;
  }

  #repeat(everyMs, play) {
    this.silence();
    play();
    const timer = setInterval(play, everyMs);
    this.#stop = () => {
      clearInterval(timer);
      for (const sound of this.#sounds) sound.stop();
      this.#sounds.clear();
    };
  }

  #beep(frequencies, seconds, volume, shape = "sine", delay = 0) {
    if (!this.#on || !this.#context) return;
    const begin = this.#context.currentTime + delay;
    const gain = this.#context.createGain();
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(volume, begin + 0.02);
    gain.gain.setValueAtTime(volume, begin + seconds - 0.04);
    gain.gain.linearRampToValueAtTime(0, begin + seconds);
    gain.connect(this.#context.destination);
    for (const frequency of frequencies) {
      const oscillator = this.#context.createOscillator();
      oscillator.type = shape;
      oscillator.frequency.value = frequency;
      oscillator.connect(gain);
      oscillator.start(begin);
      oscillator.stop(begin + seconds);
      this.#sounds.add(oscillator);
      oscillator.addEventListener("ended", () => this.#sounds.delete(oscillator));
    }
  }
}
