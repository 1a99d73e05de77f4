/** A part of the page that is there by its selector. */
export function part(root, selector) {
  const found = root.querySelector(selector);
  if (found === null) throw new Error(`The page lacks ${selector}`);
  return found;
}

/** An element with attributes and children. Text comes in as text nodes only, never as HTML. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** One of the drawings that stand in the page's sprite. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** The content of a `<template>`. */
export function fromTemplate(id) {
  return document.importNode(part(document, `template#${id}`).content, true);
}

/** Whether the newest of a list that scrolls is in sight. */
export function isAtEnd(list) {
  return list.scrollHeight - list.scrollTop - list.clientHeight < 48;
}
