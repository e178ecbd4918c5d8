/**
 * What survives a reload: the conversation, in this tab only, so that nothing stays on a shared computer once the tab is
 * closed. Works without storage too (private windows, blocked cookies), then a reload starts anew.
 */

const KEY = "xenia.conversation";
const MAX_MESSAGES = 200;

/**
 * A conversation that has not begun, under an id nobody can guess. `language` is the page's; `hint` is what the browser or
 * the customer asked for, and unlike the page's does not follow the bot; `choice` was picked and not yet sent.
 */
export function fresh(language) {
  return { sender: `web-${randomHex(16)}`, language, hint: language, choice: null, messages: [] };
}

/** The kept conversation, or null. */
export function recall() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    return kept && typeof kept.sender === "string" && Array.isArray(kept.messages) ? kept : null;
  } catch {
    return null;
  }
}

/** Keeps the conversation, the oldest messages aside. */
export function keep(conversation) {
  conversation.messages.splice(0, conversation.messages.length - MAX_MESSAGES);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(conversation));
  } catch {
    // Full or forbidden: the conversation goes on without.
  }
}

/** 2 n hexadecimal digits. crypto.randomUUID would need https. */
export function randomHex(n) {
  const bytes = crypto.getRandomValues(new Uint8Array(n));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
