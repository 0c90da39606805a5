import {redactUrl} from '../pool/redis-url.js';

/** The message of an error as one line that is safe to show: no stack, and no credentials in URLs. */
export function oneLine(error: unknown): string {
	const text = error instanceof Error ? error.message || error.name : String(error);
	const line = text.replaceAll(/\s+/g, ' ').trim();
	return line.replaceAll(/\b[a-z][a-z+]*:\/\/\S+/gi, (url) => redactUrl(url));
}
