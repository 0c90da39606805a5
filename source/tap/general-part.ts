const uuid = /^[\da-f]{8}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{12}$/i;

/** Patterns of generated identifiers: hexadecimal, base64 and base32. */
const hex = /^(?=.*\d)[\da-f]{8,}$/i;
const token = /^(?=.*\d)(?=.*[A-Za-z])[\w~+=-]{16,}$/;

const numbers = /\d+/g;

/**
 * Replaces generated text in a part of a key's name by `*`: the whole part if it is a UUID, a hash or a token, else each number
 * in it: `page-7` becomes `page-*`. A version number such as `v2` stays.
 */
export function generalPart(part: string): string {
	const digits = countDigits(part);
	if (digits === part.length && digits > 0) return '*';
	if (part.length > 40 || part.includes('@')) return '*';
	if (digits === 0) return part;
	if (/^v\d{1,2}$/.test(part)) return part;
	if (part.length >= 8 && (uuid.test(part) || hex.test(part) || token.test(part))) return '*';
	return part.replaceAll(numbers, '*');
}

function countDigits(part: string): number {
	let count = 0;
	for (let at = 0; at < part.length; at++) {
		const code = part.charCodeAt(at);
		if (code >= 48 && code <= 57) count++;
	}
	return count;
}
