import {resolve} from 'node:path';
import {parseKey, printKey} from '../../../inspect/escape-bytes.js';
import {scanStep} from '../../../inspect/keys/scan.js';
import {missingWords, numberOf} from '../../../inspect/sender.js';
import {dumpKeys, maxKeyBytes, type RestoreCounts, restoreKeys} from '../../../inspect/transfer/key-record.js';
import {RecordFile, readRecords} from '../../../inspect/transfer/record-file.js';
import {formatDuration} from '../../../text/duration.js';
import {formatBytes, formatCount, formatCountOf} from '../../../text/number.js';
import type {Session} from '../../session/session.js';
import {type CommandContext, CommandError, type CommandHandlers, lifetimeArgument} from '../command.js';

/** Refuses entries of the cache: a move that bypasses the cache would lose their metadata. */
function refuseEntry({keyPrefix}: Session, key: string): void {
	if (key.startsWith(keyPrefix))
		throw new CommandError(`${key} is an entry of the cache; use \`get\`, \`set\` and \`del\` for it`);
}

/** Moves or copies a key by a command that replies with 1, or with 0 if the new name is taken. */
async function moveKey(
	{session, log}: CommandContext,
	command: 'RENAMENX' | 'COPY',
	key: string,
	name: string,
): Promise<readonly string[]> {
	refuseEntry(session, key);
	refuseEntry(session, name);
	const bytes = parseKey(key);
	if (numberOf(await session.inspector.send('EXISTS', [bytes])) === 0)
		throw new CommandError(`${key}: the key no longer exists`);
	const moved = numberOf(await session.inspector.send(command, [bytes, parseKey(name)]));
	if (moved !== 1) throw new CommandError(`there is a key ${name} already: choose another name, or delete it first`);
	const text = `${command === 'COPY' ? 'copied' : 'renamed'} ${key} to ${name}`;
	log.add({level: 'info', topic: 'command', text});
	return [text];
}

/** Refuses a second long-running operation on keys. */
function refuseSecond({sweeps}: Session): void {
	if (sweeps.isRunning) throw new CommandError('another operation on many keys is running; `sweep stop` ends it');
}

/** Deletes keys after saving a dump of them. Entries of the cache are not dumped, since they are loaded again. */
async function deleteSaved(session: Session, keys: readonly Buffer[], file: ReturnType<Session['undo']['begin']>) {
	const {keyPrefix} = session;
	const printed = keys.map(printKey);
	await file.save(keys.filter((_, index) => !printed[index]?.startsWith(keyPrefix)));
	return session.deleteKeys(printed);
}

const undoWords = (saved: number) =>
	saved === 0 ? '' : `; :undo restores ${saved === 1 ? 'it' : formatCountOf(saved, 'key')}`;

function restoredLines({restored, exists, expired, refused, stopped}: RestoreCounts): readonly string[] {
	return [
		`restored ${formatCountOf(restored, 'key')}${stopped ? ', then stopped; the rest can still be restored' : ''}`,
		...(exists > 0 ? [`${formatCountOf(exists, 'key')} exist again and stay as they are`] : []),
		...(expired > 0 ? [`${formatCountOf(expired, 'key')} would have expired by now`] : []),
		...(refused > 0 ? [`${formatCountOf(refused, 'key')} have a format that this Redis does not understand`] : []),
	];
}

/** Restores the keys of a file, and logs it. */
async function restoreFile({session}: CommandContext, path: string): Promise<RestoreCounts> {
	refuseSecond(session);
	return session.sweeps.during(`restoring ${path}`, async ({signal}) => {
		const result = await restoreKeys(session.inspector, readRecords(path), signal);
		return {
			result,
			text: `restored ${formatCount(result.restored)} keys of ${path}${result.stopped ? ', then stopped' : ''}`,
		};
	});
}

/** Commands that move keys, or work on many of them. */
export const keyspaceCommands = {
	async rename(context, [key, name]) {
		return {lines: await moveKey(context, 'RENAMENX', key, name)};
	},
	async copy(context, [key, name]) {
		return {lines: await moveKey(context, 'COPY', key, name)};
	},
	async remove({session, log}, keys) {
		const file = session.undo.begin();
		try {
			const deleted = await deleteSaved(session, keys.map(parseKey), file);
			const text = `deleted ${formatCountOf(deleted, 'key')}`;
			log.add({level: 'info', topic: 'command', text: `${text}: ${keys.slice(0, 3).join(' ')}`});
			return {lines: [`${text}${undoWords(file.saved)}`], data: {deleted}};
		} finally {
			await file.close();
		}
	},
	async sweep({session}, [pattern]) {
		if (pattern.toLowerCase() === 'stop') return {lines: [session.sweeps.stop() ? 'stopping' : 'no sweep is running']};
		refuseSecond(session);
		const file = session.undo.begin();
		try {
			const swept = await session.sweeps.run(pattern, {
				doing: `deleting ${pattern}`,
				done: 'deleted',
				apply: (keys) => deleteSaved(session, keys, file),
			});
			const stopped = swept.stopped ? ', then stopped' : '';
			const text = `deleted ${formatCountOf(swept.keys, 'key')}${stopped}${swept.missing}`;
			return {lines: [`${text}${undoWords(file.saved)}`], data: swept};
		} finally {
			await file.close();
		}
	},
	async 'expire-all'({session}, [pattern, time]) {
		const {inspector, keyPrefix} = session;
		const ms = time === 'never' ? undefined : lifetimeArgument(time);
		refuseSecond(session);
		const swept = await session.sweeps.run(pattern, {
			doing: `changing the TTL of ${pattern}`,
			done: 'changed',
			async apply(keys) {
				const foreign = keys.filter((key) => !printKey(key).startsWith(keyPrefix));
				const replies = await Promise.all(
					foreign.map((key) =>
						ms === undefined ? inspector.send('PERSIST', [key]) : inspector.send('PEXPIRE', [key, ms]),
					),
				);
				return replies.reduce<number>((sum, reply) => sum + (numberOf(reply) ?? 0), 0);
			},
		});
		const said = ms === undefined ? 'do not expire' : `expire in ${formatDuration(ms)}`;
		const stopped = swept.stopped ? ', then stopped' : '';
		return {lines: [`${formatCountOf(swept.keys, 'key')} now ${said}${stopped}${swept.missing}`], data: swept};
	},
	async undo(context, [file]) {
		const {undo} = context.session;
		const path = file === undefined ? undo.latest : resolve(file);
		if (path === undefined)
			throw new CommandError(
				`nothing was deleted on this Redis in this session; give the name of a file (files of earlier sessions are in ${undo.folder})`,
			);
		const counts = await restoreFile(context, path);
		// The file is kept if a key exists again, is not understood or was not reached: that key would be lost with it.
		if (counts.exists + counts.refused === 0 && !counts.stopped) await undo.forget(path);
		return {lines: restoredLines(counts), data: counts};
	},
	async 'save-keys'({session}, [file, pattern = '*']) {
		const {inspector, pace} = session;
		const path = resolve(file);
		refuseSecond(session);
		const out = await RecordFile.create(path, file.endsWith('.resp') ? 'resp' : 'json').catch(
			(error: NodeJS.ErrnoException) => {
				throw new CommandError(
					error.code === 'EEXIST'
						? `${path} already exists; choose another name`
						: `cannot write ${path}: ${error.message}`,
				);
			},
		);
		try {
			const result = await session.sweeps.during(`saving ${pattern}`, async ({signal, report}) => {
				let cursor = '0';
				let saved = 0;
				let tooLarge = 0;
				do {
					const step = await scanStep(inspector, cursor, {pattern, pace});
					cursor = step.cursor;
					const records = dumpKeys(inspector, step.keys, (keys) => {
						tooLarge += keys;
					});
					for await (const batch of records) {
						await out.add(batch);
						saved += batch.length;
					}
					report(`saving ${pattern}: ${saved} keys so far`);
				} while (cursor !== '0' && !signal.aborted);
				const missing =
					tooLarge === 0 ? '' : `; without ${formatCountOf(tooLarge, 'key')} of more than ${formatBytes(maxKeyBytes)}`;
				const stopped = `${cursor === '0' ? '' : ', then stopped'}${missingWords(inspector)}`;
				const text = `saved ${formatCountOf(saved, 'key')} of ${pattern} to ${path}${stopped}${missing}`;
				return {result: {saved, text: `saved ${formatCountOf(saved, 'key')} to ${path}${stopped}${missing}`}, text};
			});
			return {lines: [result.text], data: {path, keys: result.saved}};
		} finally {
			await out.close();
		}
	},
	async 'load-keys'(context, [file]) {
		const counts = await restoreFile(context, resolve(file));
		return {lines: restoredLines(counts), data: counts};
	},
} satisfies Partial<CommandHandlers>;
