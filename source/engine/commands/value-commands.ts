import {parseKey} from '../../inspect/escape-bytes.js';
import {textOf} from '../../inspect/sender.js';
import {collectionOf, readElements} from '../../inspect/values/elements.js';
import {inspectKey} from '../../inspect/values/inspect-key.js';
import {formatDuration} from '../../text/duration.js';
import {formatCountOf} from '../../text/number.js';
import {CommandError, type CommandHandlers} from './command.js';
import {describeEntry, type EntryFacts, entryFacts} from './describe-entry.js';

/** Commands that read values, whichever client wrote them. */
export const valueCommands = {
	async inspect({session}, [key]) {
		let entry: EntryFacts | undefined;
		const details = await inspectKey(session.inspector, key, (bytes) => {
			entry = entryFacts(bytes);
			return describeEntry(bytes);
		});
		if (!details) return {lines: ['(no such key)']};
		const {preview} = details;
		const facts = [
			details.type,
			details.encoding,
			formatCountOf(
				preview.length,
				preview.unit.replace(/(ie)?s$/, (end) => (end === 'ies' ? 'y' : '')),
				preview.unit,
			),
			details.bytes === undefined ? undefined : `${details.bytes} B of memory`,
			details.ttlMs === undefined ? 'does not expire' : `expires in ${formatDuration(details.ttlMs)}`,
		].filter((fact) => fact !== undefined);
		return {
			lines: [facts.join(', '), ...preview.lines, ...(preview.truncated ? ['…'] : [])],
			data: {...details, entry},
		};
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
