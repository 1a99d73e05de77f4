import { part } from './dom.js';
import { toast } from './toast.js';

const token = part(document, 'meta[name="playground-token"]').getAttribute('content') ?? '';

/** Asks the playground to do something. `false`: it did not, and the person was told why. */
export async function ask(what, body = {}) {
  try {
    const response = await fetch(`/api/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-playground-token': token },
      body: JSON.stringify(body),
    });
    if (response.ok) return true;
    const answer = await response.json().catch(() => ({}));
    toast(answer.error ?? `The playground answered ${response.status}`);
  } catch {
    toast('The playground cannot be reached. Does it still run in its terminal?');
  }
  return false;
}
