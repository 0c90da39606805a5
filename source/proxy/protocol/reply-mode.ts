/** Determines which requests of a connection get a reply, by `CLIENT REPLY`. */
export class ReplyMode {
	#mode: 'on' | 'off' | 'skip next' = 'on';

	/** False if the request that is forwarded now gets no reply. */
	takesReply(): boolean {
		if (this.#mode === 'skip next') {
			this.#mode = 'on';
			return false;
		}
		return this.#mode === 'on';
	}

	/** `CLIENT REPLY mode` is forwarded. Returns true if this command gets a reply: only ON, and an invalid mode, do. */
	follow(mode: string): boolean {
		if (mode === 'OFF') this.#mode = 'off';
		else if (mode === 'SKIP') {
			if (this.#mode === 'on') this.#mode = 'skip next';
		} else {
			if (mode === 'ON') this.#mode = 'on';
			return true;
		}
		return false;
	}

	/** `RESET` is forwarded. */
	reset(): void {
		this.#mode = 'on';
	}
}
