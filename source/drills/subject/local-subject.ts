import {oneLine} from '../../pool/one-line.js';
import {checkSubject} from './check-subject.js';
import {subjectOpenOptions} from './open-options.js';
import {rejectAfter} from './reject-after.js';
import type {OpenedSubject, OpenSubject, Subject} from './subject.js';
import {SubjectError} from './subject-error.js';

/** Milliseconds in which it must open, and close: those of a subject in a process of its own. */
const openMs = 10_000;
const closeMs = 2000;

/** A subject in this process, for tests that have it as a function. */
export class LocalSubject implements OpenedSubject {
	readonly #subject: Subject;
	readonly #closing: AbortController;

	/** @throws {SubjectError} It cannot be opened. */
	static async open(open: OpenSubject, name: string, url: string): Promise<LocalSubject> {
		const closing = new AbortController();
		try {
			const late = () => new Error(`it did not open within ${openMs / 1000} s`);
			const opening = Promise.resolve(open(subjectOpenOptions(url, closing.signal)));
			return new LocalSubject(checkSubject(await rejectAfter(openMs, opening, late)), closing);
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
			const late = () => new Error(`it did not settle within ${closeMs / 1000} s`);
			await rejectAfter(closeMs, Promise.resolve(this.#subject.close?.()), late);
			return undefined;
		} catch (error) {
			return `its close() failed: ${oneLine(error)}`;
		}
	}
}
