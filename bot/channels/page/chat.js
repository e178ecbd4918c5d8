/**
 * The chat: what the customer does -> messages to the bot -> replies on the page. Elements are in view.js, requests in
 * server.js, what survives a reload in memory.js.
 *
 * Messages go out one at a time in the order they were written. The page is in the language of the last reply, or in the
 * one the customer has just picked, which goes along with the next message.
 */

import { fresh, keep, randomHex, recall } from "./memory.js";
import { fetchStrings, sendMessage } from "./server.js";
import {
  elements, isAtEnd, removeChoices, scrollToEnd, showDraft, showLanguages, showMessage, showWelcome, showWords,
} from "./view.js";

const { languages, max_length: maxLength } = await fetchStrings();
let conversation = recall() ?? fresh(preferredLanguage());
let stop = new AbortController();
let queue = Promise.resolve();
let nWaiting = 0;

showLanguages(languages);
begin();
listen();

/** The language asked for in the address (`?language=de`), else of the browser, else English, else any. */
function preferredLanguage() {
  const wanted = [new URLSearchParams(location.search).get("language"), ...navigator.languages, "en"];
  const codes = wanted.map((tag) => String(tag).toLowerCase().split(/[-_]/)[0]);
  return codes.find((code) => Object.hasOwn(languages, code)) ?? Object.keys(languages)[0];
}

/** Puts the conversation on the page, and sends what was on its way when the page was left. */
function begin() {
  if (!Object.hasOwn(languages, conversation.language)) conversation.language = preferredLanguage();
  elements.log.replaceChildren();
  speak(conversation.language);
  const lastOwn = conversation.messages.findLastIndex(({ from }) => from === "customer");
  conversation.messages.forEach((message, index) => {
    const element = show(index > lastOwn ? message : { ...message, buttons: [] });
    if (message.waiting) enqueue(message, element);
  });
  showWelcome(conversation.messages.length === 0);
  elements.chat.setAttribute("aria-busy", "false");
  showDraft(maxLength, conversation.language);
  scrollToEnd();
  focusInput();
}

/** Puts the page into a language. */
function speak(code) {
  conversation.language = code;
  showWords(code, languages[code], choose);
  if (nWaiting) elements.status.textContent = languages[code].page.typing;
}

function show(message) {
  return showMessage(message, { languages, pageLanguage: conversation.language, onChoice: choose });
}

/** A button was pressed: its title is what the customer said, its payload what the bot reads. */
function choose({ title, payload }) {
  say(title, { payload: payload ?? title, language: conversation.language });
  focusInput();
}

function say(text, { payload = text, language = null } = {}) {
  removeChoices();
  showWelcome(false);
  const message = { from: "customer", text, payload, language, at: new Date().toISOString(), waiting: true };
  message.id = randomHex(8);
  message.hint = conversation.hint;
  message.choice = conversation.choice;
  conversation.choice = null;
  add(message, (element) => enqueue(message, element));
  scrollToEnd();
}

function add(message, then = () => {}) {
  const follow = isAtEnd();
  conversation.messages.push(message);
  keep(conversation);
  then(show(message));
  if (follow) scrollToEnd();
}

function enqueue(message, element) {
  const { signal } = stop;
  nWaiting += 1;
  queue = queue.then(() => deliver(message, element, signal)).catch((error) => {
    if (!signal.aborted) throw error;
  });
}

/** Sends one message and shows what comes back. */
async function deliver(message, element, signal) {
  signal.throwIfAborted();
  showTyping(true);
  const metadata = { language: message.hint };
  if (message.choice) metadata.language_choice = message.choice;
  const body = { sender: conversation.sender, message: message.payload, message_id: message.id, metadata };
  const replies = await sendMessage(body, {
    signal,
    onAway: () => showAway(true),
    onBack: () => showAway(false),
  });
  signal.throwIfAborted();
  nWaiting -= 1;
  message.waiting = false;
  element.classList.remove("waiting");
  showTyping(nWaiting > 0);
  keep(conversation);
  if (replies === null) fail();
  else replies.forEach(receive);
}

function receive(reply) {
  const text = [reply.text, reply.image, reply.attachment].find((part) => typeof part === "string");
  if (text === undefined) return;
  const language = reply.metadata?.language ?? null;
  const isNew = language !== conversation.language && Object.hasOwn(languages, language ?? "");
  if (isNew && conversation.choice === null) speak(language);
  const buttons = (reply.buttons ?? []).filter(({ title }) => typeof title === "string");
  add({ from: "bot", text, language, buttons, at: new Date().toISOString() });
}

/** The server refused the message or could not answer it. */
function fail() {
  const { language } = conversation;
  add({ from: "bot", text: languages[language].error, language, failure: true, at: new Date().toISOString() });
}

function showTyping(typing) {
  const follow = isAtEnd();
  elements.typing.hidden = !typing;
  elements.status.textContent = typing ? languages[conversation.language].page.typing : "";
  if (follow) scrollToEnd();
}

function showAway(away) {
  elements.offline.hidden = !away;
  elements.typing.hidden = away || nWaiting === 0;
}

/** A new conversation under a new id, in the same language; replies still on their way to the old one are dropped. */
function restart() {
  stop.abort();
  stop = new AbortController();
  queue = Promise.resolve();
  nWaiting = 0;
  const { language, hint, choice } = conversation;
  conversation = { ...fresh(language), hint, choice };
  keep(conversation);
  showTyping(false);
  showAway(false);
  begin();
}

function submit() {
  if (!showDraft(maxLength, conversation.language)) return;
  const text = elements.input.value.trim();
  elements.input.value = "";
  showDraft(maxLength, conversation.language);
  say(text);
  elements.input.focus();
}

/** Where a keyboard is at hand; elsewhere the on-screen one would cover the replies. */
function focusInput() {
  if (matchMedia("(hover: hover)").matches && window.top === window) elements.input.focus({ preventScroll: true });
}

function listen() {
  elements.composer.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  elements.input.addEventListener("input", () => showDraft(maxLength, conversation.language));
  elements.input.addEventListener("keydown", (event) => {
    // While an input method composes, Enter takes its suggestion; Safari says so by key code 229 only.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing) return;
    event.preventDefault();
    submit();
  });
  elements.language.addEventListener("change", () => {
    conversation.choice = elements.language.value;
    conversation.hint = conversation.choice;
    speak(conversation.choice);
    keep(conversation);
  });
  elements.restart.addEventListener("click", restart);
}
