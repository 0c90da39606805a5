import {printable} from '../text/printable.js';
import {redactUrl} from './redis-url.js';

/** The message of an error as one line that is safe to show: no stack, no credentials in URLs, and nothing that acts on a
 * terminal: a server may have written it. */
export function oneLine(error: unknown): string {
	const text = error instanceof Error ? error.message || error.name : String(error);
	const line = printable(text.replaceAll(/\s+/g, ' ').trim());
	// Punctuation after a URL belongs to the sentence.
	return line.replaceAll(/\b[a-z][a-z+]*:\/\/\S+?(?=[:;,.]?(?:\s|$))/gi, (url) => redactUrl(url));
}
