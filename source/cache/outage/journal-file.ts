import {
	closeSync,
	existsSync,
	ftruncateSync,
	openSync,
	readFileSync,
	renameSync,
	truncateSync,
	unlinkSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import {InvalidArgumentError} from '../../pool/errors.js';
import type {DirtyChange, JournalStore} from './journal.js';

type Line = {readonly kind: 'key' | 'mark'; readonly name: string; readonly change: DirtyChange};

const compactAfter = 100_000;

/** Locks of this process: a process id alone does not tell a lock of ours from one left by a predecessor with the same id. */
const held = new Set<string>();

/**
 * A journal in a file, one JSON document a line, so that a process that dies with dirty keys reconciles them when it
 * starts again. Written before the change is acknowledged; a torn last line is left out. One process to a file.
 */
export class JournalFile implements JournalStore {
	#fd: number;
	#closed = false;
	readonly #path: string;
	readonly #lockPath: string;
	readonly #live = new Map<string, Line>();
	#lines = 0;

	/** @throws {InvalidArgumentError} the file cannot be opened, or another process that is alive has it. */
	constructor(path: string) {
		this.#path = path;
		this.#lockPath = `${path}.lock`;
		takeLock(this.#lockPath, path);
		try {
			if (existsSync(path)) {
				const bytes = readFileSync(path);
				for (const text of bytes.toString('utf8').split('\n')) {
					const line = parseLine(text);
					if (line !== undefined) this.#live.set(`${line.kind} ${line.name}`, line);
				}
				// What is written next must not continue a torn line.
				truncateSync(path, bytes.lastIndexOf('\n') + 1);
			}
			this.#fd = openSync(path, 'a', 0o600);
		} catch (error) {
			releaseLock(this.#lockPath);
			throw new InvalidArgumentError(`the journal ${path} cannot be opened: ${(error as Error).message}`, {
				cause: error,
			});
		}
	}

	/** What was dirty when the process that wrote the file ended. */
	get left(): readonly Line[] {
		return [...this.#live.values()];
	}

	noted(kind: 'key' | 'mark', name: string, change: DirtyChange): void {
		if (this.#closed) return;
		const line: Line = {kind, name, change};
		this.#live.set(`${kind} ${name}`, line);
		if (++this.#lines > Math.max(compactAfter, 2 * this.#live.size)) this.#compact();
		else this.#append(`${JSON.stringify(line)}\n`);
	}

	reconciled(kind: 'key' | 'mark', name: string): void {
		this.#live.delete(`${kind} ${name}`);
	}

	emptied(): void {
		if (this.#closed) return;
		this.#live.clear();
		this.#lines = 0;
		ftruncateSync(this.#fd);
	}

	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		closeSync(this.#fd);
		releaseLock(this.#lockPath);
	}

	#append(text: string): void {
		const bytes = Buffer.from(text);
		for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
	}

	/** Writes what is live to another file first: a crash in between loses nothing. */
	#compact(): void {
		const next = `${this.#path}.new`;
		writeFileSync(next, [...this.#live.values()].map((line) => `${JSON.stringify(line)}\n`).join(''), {mode: 0o600});
		renameSync(next, this.#path);
		closeSync(this.#fd);
		this.#fd = openSync(this.#path, 'a', 0o600);
		this.#lines = this.#live.size;
	}
}

function parseLine(text: string): Line | undefined {
	try {
		const line = JSON.parse(text) as Line;
		const sound =
			(line.kind === 'key' || line.kind === 'mark') &&
			typeof line.name === 'string' &&
			Number.isFinite(line.change.asOf) &&
			Number.isFinite(line.change.settledAt);
		return sound ? line : undefined;
	} catch {
		return undefined;
	}
}

function takeLock(lockPath: string, path: string): void {
	for (let attempt = 0; attempt < 2; attempt++) {
		try {
			const fd = openSync(lockPath, 'wx', 0o600);
			writeSync(fd, String(process.pid));
			closeSync(fd);
			held.add(lockPath);
			return;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
				throw new InvalidArgumentError(`the journal ${path} cannot be opened: ${(error as Error).message}`, {
					cause: error,
				});
			}
			const owner = Number(readFileSync(lockPath, 'utf8'));
			if (owner === process.pid ? held.has(lockPath) : isAlive(owner))
				throw new InvalidArgumentError(
					`the journal ${path} is in use by process ${owner}: give each process a path of its own`,
				);
			unlinkSync(lockPath);
		}
	}
}

function releaseLock(lockPath: string): void {
	held.delete(lockPath);
	try {
		unlinkSync(lockPath);
	} catch (error) {
		// Someone tidied up; there is nothing left to release.
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
	}
}

function isAlive(pid: number): boolean {
	if (!Number.isInteger(pid) || pid <= 0) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
