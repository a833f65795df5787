// What the caller hears: a voice where the browser has one, tones, and otherwise the time it would take.

const PROMPT_WORDS = /[-_/]+/g;

export class SpeechOutput {
  #tones;
  #finished;
  #sound = true;
  #speed = "1";
  #now = null; // { event, timer, utterance, began }

  /** `finished(audio)` is called when the caller has heard that audio to its end. */
  constructor(tones, finished) {
    this.#tones = tones;
    this.#finished = finished;
    // Browsers load their voices only once somebody asks for them.
    if ("speechSynthesis" in window) speechSynthesis.getVoices();
  }

  set sound(on) {
    this.#sound = on;
    this.#tones.on = on;
    this.#again();
  }

  set speed(speed) {
    this.#speed = speed;
    this.#again();
  }

  /** Begin to hear something; what was heard before is cut. */
  hear(event) {
    this.silence();
    this.#now = { event, timer: null, utterance: null, began: performance.now() };
    this.#play(event.duration_ms);
  }

  /** Stop hearing that audio, or whatever it is. */
  silence(audio = null) {
    if (!this.#now || (audio !== null && audio !== this.#now.event.audio)) return;
    this.#quiet();
    this.#now = null;
  }

  /** Sound or speed changed: go on with what is left. */
  #again() {
    if (!this.#now) return;
    const heardMs = (performance.now() - this.#now.began) * (this.#speed === "4" ? 4 : 1);
    this.#quiet();
    const duration = this.#now.event.duration_ms;
    this.#play(duration === null ? null : Math.max(400, duration - heardMs));
  }

  #quiet() {
    clearTimeout(this.#now.timer);
    this.#tones.silence();
    if (this.#now.utterance) {
      this.#now.utterance = null;
      speechSynthesis.cancel();
    }
  }

  #play(durationMs) {
    const { source } = this.#now.event;
    const voice = this.#speed === "1" && this.#sound ? this.#voice() : null;
    if ((source === "speech" || source === "prompt") && voice) {
      this.#speak(voice, durationMs);
      return;
    }
    if (this.#speed !== "instant") this.#tone(source);
    this.#wait(durationMs);
  }

  #tone(source) {
    if (source === "hold_music") this.#tones.music();
    else if (source === "ringback") this.#tones.ringback();
    else if (source === "media") this.#tones.recording();
    else if (source === "tone") this.#tones.tone();
  }

  #wait(durationMs) {
    if (durationMs === null) return; // endless
    const factor = { 1: 1, 4: 4, instant: Infinity }[this.#speed];
    const { audio } = this.#now.event;
    this.#now.timer = setTimeout(() => this.#finished(audio), durationMs / factor);
  }

  #speak(voice, durationMs) {
    const { event } = this.#now;
    const text = event.source === "prompt" ? event.text.replace(PROMPT_WORDS, " ") : event.text;
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    this.#now.utterance = utterance;
    const isStillHeard = () => this.#now?.utterance === utterance;
    utterance.addEventListener("end", () => {
      if (isStillHeard()) this.#finished(event.audio);
    });
    utterance.addEventListener("error", () => {
      if (!isStillHeard()) return;
      this.#now.utterance = null;
      this.#wait(durationMs);
    });
    speechSynthesis.speak(utterance);
  }

  /** The browser's best voice for the audio's language, or null if it has none. */
  #voice() {
    if (!("speechSynthesis" in window)) return null;
    const wanted = (this.#now.event.language || "en-us").toLowerCase().replace("_", "-");
    const voices = speechSynthesis.getVoices();
    const languageOf = (voice) => voice.lang.toLowerCase().replace("_", "-");
    return (
      voices.find((voice) => languageOf(voice) === wanted && voice.localService) ??
      voices.find((voice) => languageOf(voice) === wanted) ??
      voices.find((voice) => languageOf(voice).split("-")[0] === wanted.split("-")[0]) ??
      null
    );
  }
}
