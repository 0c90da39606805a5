import {mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import envPaths from 'env-paths';

/** Lines that the file keeps, the newest. */
const limit = 200;

/** `~/.local/state/redis-cache-tui/history` on Linux: env-paths calls the folder for states that of logs. */
const historyPath = () => join(envPaths('redis-cache-tui', {suffix: ''}).log, 'history');

/**
 * The lines that were run in the palette, of all sessions, in a file that only its owner can read. Without one (no home, a
 * full disk) the history lasts as long as the session: a command must not fail for it.
 */
export class HistoryFile {
	/** Oldest first, as of the start. */
	readonly lines: readonly string[];
	readonly #path: string;

	constructor(path: string = historyPath()) {
		this.#path = path;
		this.lines = this.#read();
	}

	/** Adds a line, once. Lines added by other sessions stay. */
	readonly add = (line: string): void => {
		const lines = [...this.#read().filter((known) => known !== line), line].slice(-limit);
		const next = `${this.#path}.${process.pid}`;
		try {
			mkdirSync(dirname(this.#path), {recursive: true, mode: 0o700});
			writeFileSync(next, `${lines.join('\n')}\n`, {mode: 0o600});
			renameSync(next, this.#path);
		} catch {
			// As if there were no file.
		}
	};

	#read(): readonly string[] {
		try {
			return readFileSync(this.#path, 'utf8')
				.split('\n')
				.filter((line) => line !== '')
				.slice(-limit);
		} catch {
			return [];
		}
	}
}
