import {oneLine} from '../../pool/one-line.js';
import {checkSubject} from './check-subject.js';
import type {OpenedSubject, OpenSubject, Subject} from './subject.js';
import {SubjectError} from './subject-error.js';

/** A subject in this process, for tests that have it as a function. */
export class LocalSubject implements OpenedSubject {
	readonly #subject: Subject;
	readonly #closing: AbortController;

	/** @throws {SubjectError} It cannot be opened. */
	static async open(open: OpenSubject, name: string, url: string): Promise<LocalSubject> {
		const closing = new AbortController();
		try {
			return new LocalSubject(checkSubject(await open({url, signal: closing.signal})), closing);
		} catch (error) {
			closing.abort();
			throw new SubjectError(name, `it cannot be opened: ${oneLine(error)}`, {cause: error});
		}
	}

	private constructor(subject: Subject, closing: AbortController) {
		this.#subject = subject;
		this.#closing = closing;
	}

	get canLoad(): boolean {
		return typeof this.#subject.getOrSet === 'function';
	}

	async get(key: string): Promise<unknown> {
		return (await this.#subject.get(key)) ?? undefined;
	}

	async set(key: string, value: unknown, ttlMs: number): Promise<void> {
		await this.#subject.set(key, value, {ttl: ttlMs});
	}

	async delete(key: string): Promise<void> {
		await this.#subject.delete(key);
	}

	async getOrSet(key: string, load: () => unknown, ttlMs: number): Promise<unknown> {
		return (await this.#subject.getOrSet?.(key, async () => load(), {ttl: ttlMs})) ?? undefined;
	}

	/** It ends with this process only. */
	onEnded(): void {}

	async close(): Promise<string | undefined> {
		this.#closing.abort();
		try {
			await this.#subject.close?.();
			return undefined;
		} catch (error) {
			return `its close() failed: ${oneLine(error)}`;
		}
	}
}
