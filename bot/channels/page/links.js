/**
 * Text -> text nodes and links. Text from the server or the customer is data: it reaches the page as text nodes only, and
 * only http, https and mailto addresses become links.
 */

// An address ends at white space, quotes, brackets of markup, CJK or Arabic punctuation, marks of direction, and where
// Chinese or Japanese goes on without a space.
const EASTERN = "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}";
const END = EASTERN + "\\s<>\"'`«»\\u060c\\u061b\\u061f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\u3000-\\u303f\\uff00-\\uffef";
const some = (signs) => `(?:(?![${EASTERN}])[\\p{L}\\p{N}${signs}])+`; // letters, digits and these signs
const LINK = new RegExp(`https?://[^${END}]+|${some("._%+-")}@${some("-")}(?:\\.${some("-")})+`, "giu");
const TRAILING = /[.,;:!?…’”)\]}]+$/u;

/** Appends `text` to `parent`, with its addresses as links. */
export function appendLinked(parent, text) {
  let position = 0;
  for (const match of text.matchAll(LINK)) {
    const address = withoutTrailing(match[0]);
    const href = target(address);
    if (href === null) continue;
    parent.append(text.slice(position, match.index), link(address, href));
    position = match.index + address.length;
  }
  parent.append(text.slice(position));
}

/** Without the punctuation of the sentence around it; a bracket that was opened inside stays. */
function withoutTrailing(address) {
  const trimmed = address.replace(TRAILING, "");
  return trimmed.includes("(") && address[trimmed.length] === ")" ? `${trimmed})` : trimmed;
}

function target(address) {
  try {
    const url = new URL(address.includes("://") ? address : `mailto:${address}`);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function link(address, href) {
  const anchor = document.createElement("a");
  anchor.href = href;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer nofollow";
  anchor.dir = "ltr";
  anchor.textContent = address;
  return anchor;
}
