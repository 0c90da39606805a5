import {milliseconds} from '../../cache/options/duration.js';
import {parseKey} from '../../inspect/escape-bytes.js';
import {countKeys} from '../../inspect/keys/count-keys.js';
import {keyTreePage} from '../../inspect/keys/key-tree.js';
import {type KeyRank, rankedKeys} from '../../inspect/keys/ranked-keys.js';
import {numberOf} from '../../inspect/sender.js';
import {type EditKind, type EditOutcome, editKinds, editValue} from '../../inspect/values/edit-value.js';
import {CommandError, type CommandHandlers} from './command.js';
import {count, formatDuration, lifetime} from './format.js';

const refusals: Readonly<Record<Exclude<EditOutcome, 'done'>, string>> = {
	gone: 'there is no such key any more',
	'wrong type': 'the key holds another type',
	'changed meanwhile': 'it was changed meanwhile: look at it again',
	'no such element': 'there is no such element any more',
	'entry of the cache': 'this is an entry of the cache: write it with `set`, which keeps its version',
};

/** Kinds whose first word is the value itself; the others name a place in the value first. */
const isWhole = (kind: EditKind) => kind === 'set' || kind === 'lpush' || kind === 'rpush';
/** Kinds that only name a place. */
const isPlaceOnly = (kind: EditKind) => ['hdel', 'lrem', 'sadd', 'srem', 'zrem'].includes(kind);

function editOf(kind: EditKind, words: readonly string[]) {
	const [first, second, third] = words;
	const [at, value, expected] = isWhole(kind)
		? [undefined, first, second]
		: isPlaceOnly(kind)
			? [first, undefined, second]
			: [first, second, third];
	if (!isWhole(kind) && !isPlaceOnly(kind) && second === undefined)
		throw new CommandError(`${kind} needs a place and a value; write: edit <key> ${kind} <place> <value>`);
	return {
		kind,
		...(at === undefined ? {} : {at}),
		...(value === undefined ? {} : {value}),
		...(expected === undefined ? {} : {expected}),
	};
}

const more = (command: string, cursor: string | undefined) =>
	cursor === undefined ? [] : [`more: ${command} ${cursor}`];

/** Commands on the keys of Redis as they are there, whoever wrote them. */
export const keyCommands: CommandHandlers = {
	async tree({session}, [prefix = '', cursor]) {
		const page = await keyTreePage(session.inspector, {prefix, ...(cursor === undefined ? {} : {cursor})});
		const lines = [
			...page.groups.map((group) => `${group.prefix}  ${count(group.keys, 'key')}`),
			...page.rows.map((row) => `${row.key}  ${row.type}  ${lifetime(row.ttlMs)}  ${row.bytes ?? '?'} B`),
			...(page.unlisted > 0 ? [`and ${count(page.unlisted, 'key')} in further groups`] : []),
			...more(`tree ${JSON.stringify(prefix)}`, page.cursor),
		];
		return {lines: lines.length > 0 ? lines : ['no keys'], data: page};
	},
	async top({session}, [by, pattern, cursor]) {
		if (by !== 'size' && by !== 'ttl') throw new CommandError('write: top size, or top ttl');
		const found = await rankedKeys(session.inspector, {by: by satisfies KeyRank, pattern, cursor});
		const lines = found.rows
			.slice(0, 50)
			.map((row) => `${row.key}  ${row.type}  ${lifetime(row.ttlMs)}  ${row.bytes ?? '?'} B`);
		return {
			lines: [...lines, `of ${count(found.scanned, 'key')}`, ...more(`top ${by} ${pattern || '*'}`, found.cursor)],
			data: found,
		};
	},
	async count({session}, [pattern = '']) {
		const found = await countKeys(session.inspector, pattern);
		const keys = count(found.keys, 'key');
		const lines = [found.complete ? keys : `${keys} at least`, ...found.sample];
		return {lines, data: found};
	},
	async remove({session, log}, keys) {
		const deleted = await session.deleteKeys(keys);
		log.add({level: 'info', topic: 'command', text: `deleted ${count(deleted, 'key')}: ${keys.slice(0, 3).join(' ')}`});
		return {lines: [`deleted ${count(deleted, 'key')}`], data: {deleted}};
	},
	async sweep({session}, [pattern = '']) {
		if (pattern === 'stop') return {lines: [session.sweeps.stop() ? 'stopping' : 'nothing is being deleted']};
		if (session.sweeps.isRunning) throw new CommandError('keys are being deleted already: `sweep stop` ends it');
		const swept = await session.sweeps.run(pattern);
		return {lines: [`deleted ${count(swept.deleted, 'key')}${swept.stopped ? ', then stopped' : ''}`], data: swept};
	},
	async edit({session, log}, [key = '', word, ...words]) {
		const kind = editKinds.find((each) => each === word?.toLowerCase());
		if (!kind) throw new CommandError(`after the key comes what to change: ${editKinds.join(', ')}`);
		const outcome = await editValue(session.inspector, key, editOf(kind, words));
		if (outcome !== 'done') throw new CommandError(`${key}: ${refusals[outcome]}`);
		log.add({level: 'info', topic: 'command', text: `${kind} ${key}`});
		return {lines: ['changed']};
	},
	async lifetime({session, log}, [key = '', time = '']) {
		const forever = time === 'never';
		const ms = forever ? 0 : milliseconds(/^\d+$/.test(time) ? Number(time) : time, 'ttl');
		const bytes = parseKey(key);
		if ((numberOf(await session.inspector.send('EXISTS', [bytes])) ?? 0) === 0)
			throw new CommandError(`${key}: there is no such key any more`);
		await (forever
			? session.inspector.send('PERSIST', [bytes])
			: session.inspector.send('PEXPIRE', [bytes, Math.max(1, Math.round(ms))]));
		const said = forever ? 'does not expire' : `expires in ${formatDuration(ms)}`;
		log.add({level: 'info', topic: 'command', text: `${key} ${said}`});
		return {lines: [`it ${said}`]};
	},
};
