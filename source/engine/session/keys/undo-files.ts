import {mkdir, readdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import envPaths from 'env-paths';
import type {Sender} from '../../../inspect/sender.js';
import {dumpKeys} from '../../../inspect/transfer/key-record.js';
import {RecordFile} from '../../../inspect/transfer/record-file.js';

/** Largest file, in bytes. Keys that are deleted beyond that cannot be restored. */
export const undoLimitBytes = 64 * 1024 * 1024;

/** Number of newest files that are kept. */
const keptFiles = 20;

/** Folder of the files: `~/.local/share/redis-cache-tui/undo` on Linux. */
const undoFolder = () => join(envPaths('redis-cache-tui', {suffix: ''}).data, 'undo');

/** Keys could not be saved before their deletion. */
class UndoFileError extends Error {
	override readonly name = 'UndoFileError';
}

/** Dumps keys to files before they are deleted, and restores them. Values never leave this machine. */
export class UndoFiles {
	readonly #inspector: Sender;
	/** The folder, which also contains files of earlier sessions. */
	readonly folder: string;
	/** Files of this session, the newest last. */
	readonly #paths: string[] = [];

	constructor(inspector: Sender, folder: string = undoFolder()) {
		this.#inspector = inspector;
		this.folder = folder;
	}

	/** The file of the last deletion that was not undone; undefined if there is none. */
	get latest(): string | undefined {
		return this.#paths.at(-1);
	}

	/** Starts the file of a deletion. It is created when the first key is dumped. */
	begin(): UndoFile {
		return new UndoFile(this.#inspector, () => this.#create());
	}

	/** Removes the file of a deletion of this session that was undone. Other files stay. */
	async forget(path: string): Promise<void> {
		const at = this.#paths.indexOf(path);
		if (at < 0) return;
		this.#paths.splice(at, 1);
		await rm(path, {force: true});
	}

	async #create(): Promise<RecordFile> {
		try {
			return await this.#open();
		} catch (error) {
			throw new UndoFileError(
				`nothing was deleted, since it could not be saved for :undo (${(error as Error).message}): set XDG_DATA_HOME to a folder that can be written`,
				{cause: error},
			);
		}
	}

	async #open(): Promise<RecordFile> {
		await mkdir(this.folder, {recursive: true, mode: 0o700});
		const known = (await readdir(this.folder)).filter((name) => name.endsWith('.jsonl')).sort();
		for (const name of known.slice(0, Math.max(0, known.length - keptFiles + 1)))
			await rm(join(this.folder, name), {force: true});
		const at = new Date().toISOString().replaceAll(/[:.]/g, '-');
		const path = join(this.folder, `${at}-${process.pid}-${this.#paths.length}.jsonl`);
		const file = await RecordFile.create(path, 'json');
		this.#paths.push(path);
		return file;
	}
}

/** The file of one deletion. */
class UndoFile {
	readonly #inspector: Sender;
	readonly #create: () => Promise<RecordFile>;
	#file: RecordFile | undefined;
	#saved = 0;

	constructor(inspector: Sender, create: () => Promise<RecordFile>) {
		this.#inspector = inspector;
		this.#create = create;
	}

	/** Keys that can be restored. */
	get saved(): number {
		return this.#saved;
	}

	/** Dumps keys that are about to be deleted, up to the limit. They are on the disk when this resolves. */
	async save(keys: readonly Buffer[]): Promise<void> {
		if (keys.length === 0) return;
		for await (const records of dumpKeys(this.#inspector, keys)) {
			if ((this.#file?.bytes ?? 0) >= undoLimitBytes) return;
			this.#file ??= await this.#create();
			await this.#file.add(records);
			this.#saved += records.length;
		}
		await this.#file?.flush();
	}

	async close(): Promise<void> {
		await this.#file?.close();
	}
}
