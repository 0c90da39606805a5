import type {Lane} from '../../pool/types.js';
import {Queue} from '../support/queue.js';
import {QueueTimeout} from '../support/queue-timeout.js';
import type {ScriptCall} from './script-call.js';

/** Values of one command, in characters or bytes: it must not hold up others on its lane. */
const maxLength = 262_144;

/** What goes through one lane, and what waits for its turn. */
export class LaneQueue {
	/** Calls that were sent and have not settled. */
	inFlight = 0;
	/** Asked for in this turn of the event loop. */
	arriving: ScriptCall[] = [];
	/** Asked for in earlier ones. */
	readonly waiting = new Queue<ScriptCall>();
	readonly patience: QueueTimeout;

	constructor(
		readonly lane: Lane,
		deadlineMs: number,
	) {
		this.patience = new QueueTimeout(deadlineMs);
	}

	/** Calls that were made and have not settled. */
	get size(): number {
		return this.inFlight + this.arriving.length + this.waiting.size;
	}

	/** The turn is over: its calls get in line. */
	endTurn(now: number): void {
		const {arriving} = this;
		this.arriving = [];
		for (const call of arriving) {
			call.since = now;
			this.waiting.push(call);
		}
	}

	/** Takes what was not sent, in the order of the calls. */
	take(): ScriptCall[] {
		const calls = [...this.waiting.take(), ...this.arriving];
		this.arriving = [];
		return calls;
	}

	/** Takes the first of those that wait, and those behind it that may go with it: as many as there is room for. */
	shift(room: number, now: number): ScriptCall[] {
		const {waiting, patience} = this;
		const first = waiting.shift();
		if (first === undefined) return [];
		const calls = [first];
		let length = lengthOf(first);
		for (let next = waiting.first; next !== undefined && calls.length < room; next = waiting.first) {
			if (next.script !== first.script || next.always !== first.always || patience.isOver(next.since, now)) break;
			length += lengthOf(next);
			if (length > maxLength) break;
			waiting.shift();
			calls.push(next);
		}
		return calls;
	}
}

function lengthOf({args}: ScriptCall): number {
	let length = 0;
	for (const arg of args) length += typeof arg === 'number' ? 16 : arg.length;
	return length;
}
