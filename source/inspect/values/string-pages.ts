import {decodeUtf8, escapeBytes} from '../escape-bytes.js';
import {bytesOf, type Sender} from '../sender.js';
import {hexLines} from './decode/value-json.js';

/** Length of one page of a long string in bytes. */
const pageBytes = 64 * 1024;

/** Maximum number of lines of a page. A page with many short lines ends earlier. */
const pageLines = 2000;

/** Maximum number of characters of a line. A longer one is broken. */
const lineLength = 2000;

/** Number of bytes that are shown before and after a match. */
const contextBytes = 40;

/** Maximum number of matches that are shown per page. */
const pageMatches = 100;

export type StringPage = {
	/** Printable. */
	readonly lines: readonly string[];
	/** Number of bytes that were read. */
	readonly scanned: number;
	/** The offset of the next page; undefined after the last one. */
	readonly cursor: string | undefined;
};

const isInsideCharacter = (byte: number | undefined) => ((byte ?? 0) & 0xc0) === 0x80;

/** Removes incomplete characters from the beginning and the end, if the bytes are UTF-8. */
function wholeCharacters(bytes: Buffer, isLast: boolean): Buffer {
	let end = bytes.length;
	if (!isLast) {
		while (end > bytes.length - 4 && isInsideCharacter(bytes[end - 1])) end--;
		// The first byte of a character of which other bytes are missing.
		if ((bytes[end - 1] ?? 0) >= 0xc0) end--;
	}
	const cut = bytes.subarray(0, end);
	return decodeUtf8(cut) === undefined ? bytes : cut;
}

/** The first `pageLines` lines of a text. */
function firstLines(text: string): string {
	let at = -1;
	for (let line = 0; line < pageLines; line++) {
		at = text.indexOf('\n', at + 1);
		if (at < 0) return text;
	}
	return text.slice(0, at + 1);
}

const brokenLines = (line: string): readonly string[] =>
	Array.from({length: Math.max(1, Math.ceil(line.length / lineLength))}, (_, part) =>
		line.slice(part * lineLength, (part + 1) * lineLength),
	);

/** Formats the bytes of a long string from an offset on, as text if possible, otherwise as a dump. */
export function stringPage(bytes: Buffer, offset: number, total: number): StringPage {
	const read = bytes.subarray(0, pageBytes);
	const part = wholeCharacters(read, offset + read.length >= total);
	const text = decodeUtf8(part);
	const next = (used: number) => (used === 0 || offset + used >= total ? undefined : String(offset + used));
	// A NUL is valid UTF-8, but does not occur in text.
	if (text === undefined || text.includes('\0')) {
		const shown = read.subarray(0, pageBytes / 8);
		return {lines: hexLines(shown, offset), scanned: shown.length, cursor: next(shown.length)};
	}
	const shown = firstLines(text);
	const lines = shown.replace(/\n$/, '').split('\n').flatMap(brokenLines);
	const used = Buffer.byteLength(shown);
	return {lines: lines.map((line) => escapeBytes(Buffer.from(line))), scanned: used, cursor: next(used)};
}

/** The matches of a text, ignoring the case of ASCII letters, each as a line with its surroundings. */
function matchLines(bytes: Buffer, needle: string, offset: number, end: number): readonly string[] {
	const wanted = Buffer.from(needle).toString('latin1').toLowerCase();
	const text = bytes.toString('latin1').toLowerCase();
	const lines: string[] = [];
	for (let at = text.indexOf(wanted); at >= 0 && at < end && lines.length < pageMatches; ) {
		let from = Math.max(0, at - contextBytes);
		while (from < at && isInsideCharacter(bytes[from])) from++;
		let to = Math.min(bytes.length, at + wanted.length + contextBytes);
		while (to > at + wanted.length && isInsideCharacter(bytes[to])) to--;
		lines.push(`${offset + at}  ${escapeBytes(bytes.subarray(from, to))}`);
		at = text.indexOf(wanted, at + wanted.length);
	}
	return lines;
}

/** Reads one page of a long string, or searches it. A match begins in the page, and may end in the next one. */
export async function readStringPage(
	sender: Sender,
	key: Buffer,
	{offset, total, match}: {readonly offset: number; readonly total: number; readonly match: string | undefined},
): Promise<StringPage> {
	const needle = match?.replaceAll(/^\*+|\*+$/g, '') ?? '';
	const more = Buffer.byteLength(needle) + contextBytes;
	const bytes = bytesOf(
		await sender.send('GETRANGE', [key, offset, offset + pageBytes + (needle === '' ? 0 : more) - 1]),
	);
	if (needle === '') return stringPage(bytes, offset, total);
	const scanned = Math.min(pageBytes, bytes.length);
	return {
		lines: matchLines(bytes, needle, offset, scanned),
		scanned,
		cursor: offset + scanned < total && scanned > 0 ? String(offset + scanned) : undefined,
	};
}
