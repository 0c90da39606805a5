import {redactUrl} from '../pool/redis-url.js';

/** What went wrong, as one line that is safe to show: no stack, no credential in any URL it mentions. */
export function oneLine(error: unknown): string {
	const text = error instanceof Error ? error.message || error.name : String(error);
	const line = text.replaceAll(/\s+/g, ' ').trim();
	return line.replaceAll(/\b[a-z][a-z+]*:\/\/\S+/gi, (url) => redactUrl(url));
}
