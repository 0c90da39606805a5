import {decodeUtf8, parseKey} from '../../../inspect/escape-bytes.js';
import {bytesOf, numberOf, textOf} from '../../../inspect/sender.js';
import {collectionOf, readElements} from '../../../inspect/values/elements.js';
import {inspectKey} from '../../../inspect/values/inspect-key.js';
import {keyUse} from '../../../inspect/values/key-use.js';
import {formatDuration} from '../../../text/duration.js';
import {lifetimeWords} from '../../../text/lifetime.js';
import {formatBytes} from '../../../text/number.js';
import {CommandError, type CommandHandlers} from '../command.js';
import {describeEntry, type EntryFacts, entryFacts} from '../lines/describe-entry.js';
import {keyFacts, valueLinesOf} from '../lines/key-lines.js';
import {valueLines} from '../lines/value-lines.js';

/** Longest text that can be edited, in bytes. */
const maxTextBytes = 1024 * 1024;

/** Commands that read values, written by any client. */
export const valueCommands = {
	async inspect({session}, [key]) {
		let entry: EntryFacts | undefined;
		const details = await inspectKey(session.inspector, key, (bytes) => {
			entry = entryFacts(bytes);
			return describeEntry(bytes);
		});
		if (!details) return {lines: ['(no such key)']};
		return {lines: [keyFacts(details), ...valueLinesOf(details)], data: {...details, entry}};
	},
	async peek({session}, [key]) {
		const use = await keyUse(session.inspector, key);
		if (!use) return {lines: ['(no such key)']};
		const {type, ttlMs, bytes, idleMs} = use;
		const unused = idleMs === undefined ? '' : `, not used for ${formatDuration(idleMs)}`;
		return {lines: [`${type}, ${lifetimeWords(ttlMs)}, ${bytes ?? '?'} B of memory${unused}`], data: use};
	},
	async text({session}, [key]) {
		const {inspector, keyPrefix} = session;
		const bytes = parseKey(key);
		if (key.startsWith(keyPrefix))
			throw new CommandError(`${key} is an entry of the cache; edit it in one line, or write it with \`set\``);
		const type = textOf(await inspector.send('TYPE', [bytes]));
		if (type === 'none') throw new CommandError(`${key}: the key no longer exists`);
		if (type !== 'string') throw new CommandError(`${key} is a ${type}, not a text`);
		const length = numberOf(await inspector.send('STRLEN', [bytes])) ?? 0;
		if (length > maxTextBytes) throw new CommandError(`${key} has ${formatBytes(length)}: at most 1 MiB can be edited`);
		const text = decodeUtf8(bytesOf(await inspector.send('GET', [bytes])));
		if (text === undefined) throw new CommandError(`${key} is binary, not a text`);
		return {lines: valueLines(text), data: text};
	},
	async elements({session}, [key, match, cursor]) {
		const {inspector} = session;
		const bytes = parseKey(key);
		const type = textOf(await inspector.send('TYPE', [bytes]));
		const collection = collectionOf(type);
		if (!collection)
			throw new CommandError(type === 'none' ? `${key}: the key no longer exists` : `a ${type} has no elements`);
		const page = await readElements(inspector, bytes, collection, {cursor, match: match === '*' ? undefined : match});
		const more = page.cursor === undefined ? [] : [`more: elements ${key} ${match || '*'} ${page.cursor}`];
		return {lines: [...page.lines, ...more], data: page};
	},
} satisfies Partial<CommandHandlers>;
