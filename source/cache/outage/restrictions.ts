import type {Restriction} from '../../metrics/snapshot.js';
import {ServerError} from '../../pool/errors.js';
import {unixNow} from '../../time/real-time.js';
import {localNow} from '../clock/local-now.js';
import type {Recorder} from '../observe/recorder.js';
import {withLeastRights} from './rights.js';

type What = Restriction['what'];

/**
 * Milliseconds without a refusal after which a success ends a restriction: some commands may succeed while others are refused.
 */
const quietMs = 2000;

/**
 * The kinds of commands (reads, writes) that Redis refuses although it is in use: the user lacks a right, a command was
 * renamed, or the memory or disk is full. Changes then stay in this process, which the mode does not show.
 */
export class Restrictions {
	readonly #recorder: Recorder;
	readonly #aclLine: string;
	readonly #current = new Map<What, {readonly restriction: Restriction; refusedAt: number}>();

	/** @param aclLine An `ACL SETUSER` command that grants exactly the rights that a cache needs. */
	constructor(recorder: Recorder, aclLine: string) {
		this.#recorder = recorder;
		this.#aclLine = aclLine;
	}

	get current(): readonly Restriction[] {
		return [...this.#current.values()].map(({restriction}) => restriction);
	}

	/** Redis has refused a command. Errors of kind `unavailable` are an outage, and no restriction. */
	refused(what: What, error: Error): void {
		if (!(error instanceof ServerError) || !isRefusal(error)) return;
		const known = this.#current.get(what);
		if (known !== undefined) {
			known.refusedAt = localNow();
			return;
		}
		const restriction: Restriction = {what, at: unixNow(), reason: withLeastRights(error, this.#aclLine).message};
		this.#current.set(what, {restriction, refusedAt: localNow()});
		this.#recorder.events.emit('restriction', {...restriction, isOver: false});
	}

	/** Redis has executed a command of this kind. Hot path. */
	succeeded(what: What): void {
		if (this.#current.size === 0) return;
		const known = this.#current.get(what);
		if (known !== undefined && localNow() - known.refusedAt > quietMs) this.#end(what, known.restriction);
	}

	/** The rights of the user were checked: a restriction that no longer applies ends at once. */
	checked(what: What, refusal: Error | undefined): void {
		if (refusal !== undefined) this.refused(what, refusal);
		else {
			const known = this.#current.get(what);
			if (known !== undefined) this.#end(what, known.restriction);
		}
	}

	#end(what: What, restriction: Restriction): void {
		this.#current.delete(what);
		this.#recorder.events.emit('restriction', {...restriction, isOver: true});
	}
}

function isRefusal({kind, message}: ServerError): boolean {
	return kind === 'denied' || kind === 'full' || (kind === 'bug' && /\bunknown command\b/i.test(message));
}
