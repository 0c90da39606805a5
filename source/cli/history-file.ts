import {mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import envPaths from 'env-paths';

/** Number of lines that the file keeps: the newest ones. */
const limit = 200;

/** `~/.local/state/redis-cache-tui/history` on Linux. env-paths returns that folder as `log`. */
const historyPath = () => join(envPaths('redis-cache-tui', {suffix: ''}).log, 'history');

/**
 * The command lines that were run in the palette in all sessions, in a file that only its owner can read. If it cannot be used
 * (no home directory, a full disk), the history lasts as long as the session, and no command fails.
 */
export class HistoryFile {
	/** The lines when the program started, oldest first. */
	readonly lines: readonly string[];
	readonly #path: string;

	constructor(path: string = historyPath()) {
		this.#path = path;
		this.lines = this.#read();
	}

	/** Adds a line, and removes earlier occurrences of it. Lines added by other sessions are kept. */
	readonly add = (line: string): void => {
		const lines = [...this.#read().filter((known) => known !== line), line].slice(-limit);
		const next = `${this.#path}.${process.pid}`;
		try {
			mkdirSync(dirname(this.#path), {recursive: true, mode: 0o700});
			writeFileSync(next, `${lines.join('\n')}\n`, {mode: 0o600});
			renameSync(next, this.#path);
		} catch {
			// Treated as a missing file.
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
