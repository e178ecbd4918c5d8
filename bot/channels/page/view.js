/**
 * The page's elements, and how a message becomes one. Nothing here decides anything; text is only ever set as text.
 */

import { appendLinked } from "./links.js";

const IDS = [
  "chat", "title", "language", "language-label", "language-code", "restart", "restart-label", "scroller", "welcome", "hello", "topics",
  "log", "typing", "status", "offline", "composer", "input", "count", "send", "privacy",
];

/** The elements with an id, by that id. */
export const elements = Object.fromEntries(IDS.map((id) => [id, document.getElementById(id)]));

/** The labels of the page in one language, the language and direction of the page with them. */
export function showWords(code, { dir, page, topics }, onTopic) {
  document.documentElement.lang = code;
  document.documentElement.dir = dir;
  document.title = page.title;
  elements.title.textContent = page.title;
  elements.hello.textContent = page.title;
  elements.log.setAttribute("aria-label", page.title);
  elements["language-label"].textContent = page.language;
  elements["language-code"].textContent = code;
  elements.language.value = code;
  elements["restart-label"].textContent = page.restart;
  elements.restart.setAttribute("aria-label", page.restart);
  elements.restart.title = page.restart;
  elements.offline.textContent = page.offline;
  elements.input.placeholder = page.placeholder;
  elements.input.setAttribute("aria-label", page.placeholder);
  elements.send.setAttribute("aria-label", page.send);
  elements.send.title = page.send;
  elements.privacy.textContent = page.privacy;
  const choices = Object.entries(topics).map(([intent, title]) => ({ title, payload: `/${intent}` }));
  elements.topics.replaceChildren(...choices.map((choice) => choiceButton(choice, onTopic)));
  for (const time of elements.log.querySelectorAll("time")) time.textContent = clock(time.dateTime, code);
}

/** The menu of languages, each named in itself. */
export function showLanguages(languages) {
  const options = Object.entries(languages).map(([code, { name, dir }]) => {
    const option = new Option(name, code);
    option.lang = code;
    option.dir = dir;
    return option;
  });
  elements.language.replaceChildren(...options);
}

/**
 * Appends a message: `{from: "customer" | "bot", text, at, language?, buttons?, failure?, waiting?}`.
 * Returns its element.
 */
export function showMessage(message, { languages, pageLanguage, onChoice }) {
  const element = document.createElement("div");
  element.className = `message ${message.from}`;
  element.classList.toggle("failure", Boolean(message.failure));
  element.classList.toggle("waiting", Boolean(message.waiting));
  const bubble = document.createElement("div");
  bubble.className = "bubble";
  const known = Object.hasOwn(languages, message.language ?? "");
  bubble.dir = known ? languages[message.language].dir : "auto";
  if (known) bubble.lang = message.language;
  appendLinked(bubble, message.text);
  element.append(bubble);
  if (message.buttons?.length) element.append(choiceRow(message.buttons, bubble, onChoice));
  const time = document.createElement("time");
  time.dateTime = message.at;
  time.textContent = clock(message.at, pageLanguage);
  element.append(time);
  elements.log.append(element);
  return element;
}

/** Buttons are for the moment: once something was said, those of earlier replies go. */
export function removeChoices() {
  for (const row of elements.log.querySelectorAll(".choices")) row.remove();
}

/** Whether the customer is reading the end of the conversation and not scrolled up. */
export function isAtEnd() {
  const { scrollTop, clientHeight, scrollHeight } = elements.scroller;
  return scrollHeight - scrollTop - clientHeight < 160;
}

/** The greeting with its topics before the first message, afterwards the button that starts anew. */
export function showWelcome(welcome) {
  elements.welcome.hidden = !welcome;
  elements.restart.hidden = welcome;
}

/** Brings the end into sight. */
export function scrollToEnd() {
  elements.scroller.scrollTop = elements.scroller.scrollHeight;
}

/** The field as high as its text; the number of characters once it comes near the limit. Returns whether it may be sent. */
export function showDraft(maxLength, pageLanguage) {
  const { input, count, send } = elements;
  input.style.blockSize = "auto";
  input.style.blockSize = `${input.scrollHeight}px`;
  const length = [...input.value.trim()].length;
  const over = length > maxLength;
  const format = new Intl.NumberFormat(`${pageLanguage}-u-nu-latn`);
  count.textContent = `${format.format(length)} / ${format.format(maxLength)}`;
  count.hidden = length < maxLength * 0.9;
  count.classList.toggle("over", over);
  input.setAttribute("aria-invalid", String(over));
  send.disabled = length === 0 || over;
  return !send.disabled;
}

function choiceRow(buttons, bubble, onChoice) {
  const row = document.createElement("div");
  row.className = "choices";
  row.dir = bubble.dir;
  row.lang = bubble.lang;
  row.append(...buttons.map((button) => choiceButton(button, onChoice)));
  return row;
}

function choiceButton(choice, onChoice) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = choice.title;
  button.addEventListener("click", () => onChoice(choice));
  return button;
}

/** The time of day as this language writes it, in the digits of order numbers. */
function clock(at, language) {
  return new Intl.DateTimeFormat(`${language}-u-nu-latn`, { timeStyle: "short" }).format(new Date(at));
}
