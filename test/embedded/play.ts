import {splitInline} from '../../source/resp/split-inline.js';
import type {Frame} from '../support/frame-reader.js';
import {RawConnection} from '../support/raw-connection.js';
import {shape, unordered} from '../support/resp.js';
import {until} from '../support/until.js';

/**
 * Plays a battery, which is a list of commands, to a server one by one, and returns the replies. A command may have
 * prefixes, separated by spaces:
 *
 * - `@b`: use connection b instead of a
 * - `!`: send it without waiting for a reply
 * - `&`: collect everything, including pushes, until a PING is answered; also without a command
 * - `~`: ignore the order of items
 * - `?`: compare only the kinds of replies
 *
 * A line may also be one of these:
 *
 * - `.`: wait for one reply
 * - `%gone key`: wait until the key has expired
 * - `%blocked n`: wait until n clients are blocked
 * - `# …`: a comment
 */
export async function play(port: number, resp: 2 | 3, lines: readonly string[]): Promise<string[]> {
	const wires = new Map<string, RawConnection>();
	const wireOf = async (name: string) => {
		const wire = wires.get(name) ?? (await RawConnection.open(port, resp));
		wires.set(name, wire);
		return wire;
	};
	const control = await RawConnection.open(port);
	await control.call(['FLUSHALL']);
	const replies: string[] = [];
	try {
		for (const line of lines) {
			const words = splitInline(line);
			if (words === undefined) throw new Error(`not a line of a battery: ${line}`);
			replies.push(await step(words, wireOf, control));
		}
		return replies;
	} finally {
		for (const wire of [...wires.values(), control]) wire.close();
	}
}

async function step(
	words: string[],
	wireOf: (name: string) => Promise<RawConnection>,
	control: RawConnection,
): Promise<string> {
	let name = 'a';
	let how: '' | '!' | '&' | '~' | '?' = '';
	for (; words.length > 0; words.shift()) {
		const [word = ''] = words;
		if (/^@\w$/.test(word)) name = word.slice(1);
		else if (word === '!' || word === '&' || word === '~' || word === '?') how = word;
		else break;
	}
	const [first = '', second = ''] = words;
	if (first === '%gone') {
		await until(async () => (await control.call(['EXISTS', second])).text === ':0\r\n', `${second} to expire`);
		return '';
	}
	if (first === '%blocked') {
		const wanted = `blocked_clients:${second}\r\n`;
		await until(
			async () => (await control.call(['INFO', 'clients'])).text.includes(wanted),
			`${second} blocked clients`,
		);
		return '';
	}
	const wire = await wireOf(name);
	if (first === '.') return (await wire.nextReply()).text;
	if (words.length > 0) wire.send(words);
	if (how === '!') return '';
	// Waits for the reply first, so that pushes which the server sends in its next turn are collected too.
	if (how === '&') return words.length > 0 ? (await wire.nextReply()).text + (await wire.collect()) : wire.collect();
	const frame: Frame = await wire.nextReply();
	return how === '~' ? unordered(frame) : how === '?' ? shape(frame) : frame.text;
}

/** The lines of a text, without comments and empty ones. */
export function linesOf(text: string): string[] {
	return text
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '' && !line.startsWith('#'));
}
