/**
 * The two requests of the page. Both are tried again for as long as the server is away; a message carries its own id, so
 * that the server answers it once however often it arrives.
 */

const TIMEOUT_MS = 60_000;
const LONGEST_PAUSE_MS = 15_000;
const AWAY = new Set([429, 502, 503, 504]);

/** The words of all languages: `{languages, max_length}`. */
export function fetchStrings() {
  return persistently("strings", {}, { onAway: () => {}, signal: new AbortController().signal });
}

/**
 * The replies to a message, an array, or null where the server refused it or failed.
 * `onAway` is called before each pause, `onBack` when the server answers; an abort rejects.
 */
export async function sendMessage(body, { onAway, onBack, signal }) {
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const replies = await persistently("message", options, { onAway, signal });
  onBack();
  return Array.isArray(replies) ? replies : null;
}

async function persistently(address, options, { onAway, signal }) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await once(address, options, signal);
    } catch (error) {
      if (signal.aborted) throw error;
    }
    onAway();
    await pause(Math.min(500 * 2 ** attempt, LONGEST_PAUSE_MS), signal);
  }
}

/** The JSON of one answer. Rejects where trying again makes sense. */
async function once(address, options, signal) {
  const attempt = new AbortController();
  const abort = () => attempt.abort(signal.reason);
  const timer = setTimeout(abort, TIMEOUT_MS);
  signal.addEventListener("abort", abort);
  try {
    signal.throwIfAborted();
    const response = await fetch(address, { ...options, signal: attempt.signal });
    if (AWAY.has(response.status)) throw new Error(`status ${response.status}`);
    return await response.json();
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

/** Waits, less long when the browser is online again. Rejects on abort. */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const over = (settle) => () => {
      clearTimeout(timer);
      removeEventListener("online", wake);
      signal.removeEventListener("abort", stop);
      settle();
    };
    const wake = over(resolve);
    const stop = over(() => reject(signal.reason));
    const timer = setTimeout(wake, milliseconds);
    addEventListener("online", wake);
    signal.addEventListener("abort", stop);
  });
}
