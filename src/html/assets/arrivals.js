// Looks again while lists are taken, and puts what has come into the page.

'use strict';

const EVERY_MS = 700;

const arrivals = document.getElementById('arrivals');

function looksAgain() {
  if (arrivals && 'taking' in arrivals.dataset) {
    arrivals.querySelector('.look-again')?.remove();
    setTimeout(look, EVERY_MS);
  }
}

async function look() {
  try {
    const response = await fetch(location.href);
    if (response.ok) {
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      show(page.getElementById('arrivals'));
    }
  } catch {
    // The next look may succeed.
  }
  looksAgain();
}

// Parts that are the same stay, so that their covers are not loaded again.
function show(newer) {
  if (!newer) {
    delete arrivals.dataset.taking;
    return;
  }
  for (const part of arrivals.querySelectorAll('[data-part]')) {
    const other = newer.querySelector(`[data-part="${part.dataset.part}"]`);
    if (other && other.innerHTML !== part.innerHTML) {
      part.replaceChildren(...other.childNodes);
    }
  }
  if (!('taking' in newer.dataset)) {
    delete arrivals.dataset.taking;
  }
}

looksAgain();
