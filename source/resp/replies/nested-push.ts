/**
 * A push between the elements of a reply. Normally pushes come between replies, but Redis up to 7.0 sends a message that a
 * transaction publishes to its own connection within the reply to EXEC. It does not count as an element, unless it confirms a
 * subscription, since a queued SUBSCRIBE has no other reply.
 */
export class NestedPush {
	/** Number of elements of the reply that remain after the push; -1 outside of a push. */
	#end = -1;
	/** True while the type and the count of the push are being read. */
	isHeader = false;
	/** True until the kind of the push, such as `message`, is known. */
	wantsKind = false;

	/** An element begins. @param remaining Elements that remain, with this one. */
	beginElement(isPush: boolean, remaining: number): void {
		if (remaining <= this.#end) this.reset();
		this.isHeader = isPush && this.#end < 0;
		if (!this.isHeader) return;
		this.#end = remaining;
		this.wantsKind = true;
	}

	/** True inside of the push, from its type byte on. */
	get isOpen(): boolean {
		return this.#end >= 0;
	}

	/** The kind of the push has been read. Returns true if the push counts as an element of the reply. */
	endKind(kind: string): boolean {
		this.wantsKind = false;
		const counts = kind.endsWith('subscribe');
		if (counts) this.#end--;
		return counts;
	}

	/** A reply begins. */
	reset(): void {
		this.#end = -1;
		this.isHeader = false;
		this.wantsKind = false;
	}
}
