import {splitInline} from '../../source/resp/split-inline.js';
import {RawConnection} from '../support/raw-connection.js';
import {type Frame, shape, unordered} from '../support/resp.js';
import {until} from '../support/until.js';

/**
 * A battery is lines of commands, played to a server one by one. Before a command may stand, separated by spaces:
 *
 * - `@b`: on connection b; a is the usual one
 * - `!`: only send it
 * - `&`: take everything that comes, pushes too, until a ping is answered; alone: without a command
 * - `.`: alone: wait for one frame
 * - `~`: whatever the order of items
 * - `?`: only the kinds of reply
 * - `%gone key`: wait until the key has expired
 * - `%blocked n`: wait until so many clients are blocked
 * - `#`: a remark
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
	// The answer first: what comes of a command in the next turn of the server is to be there as well.
	if (how === '&') return words.length > 0 ? (await wire.nextReply()).text + (await wire.collect()) : wire.collect();
	const frame: Frame = await wire.nextReply();
	return how === '~' ? unordered(frame) : how === '?' ? shape(frame) : frame.text;
}

/** The lines of a text, without remarks and empty ones. */
export function linesOf(text: string): string[] {
	return text
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '' && !line.startsWith('#'));
}
