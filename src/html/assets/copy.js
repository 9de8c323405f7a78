// Completes the address in each field to copy, and adds its button.

'use strict';

const SHOWN_MS = 2000;

for (const input of document.querySelectorAll('.copy :is(input, textarea)')) {
  if (input.value.startsWith('/')) {
    input.value = new URL(input.value, location).href;
  }
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button';
  button.textContent = 'Copy';
  button.addEventListener('click', () => copy(input, button));
  input.after(button);
}

// Without the clipboard, as over plain HTTP, the text is selected for the reader to copy.
async function copy(input, button) {
  input.select();
  try {
    await navigator.clipboard.writeText(input.value);
  } catch {
    return;
  }
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = 'Copy'; }, SHOWN_MS);
}
