/** Strings, numbers and when they expire: as much of a Redis as the traffic of a test needs. Replies are RESP2. */
export class SmallStore {
	readonly #values = new Map<string, {readonly value: string; expiresAt: number}>();

	execute([name = '', ...words]: readonly string[], now: number): string {
		const [key = '', value = ''] = words;
		switch (name) {
			case 'GET':
				return bulk(this.#get(key, now));
			case 'MGET':
				return `*${words.length}\r\n${words.map((one) => bulk(this.#get(one, now))).join('')}`;
			case 'EXISTS':
				return `:${this.#get(key, now) === undefined ? 0 : 1}\r\n`;
			case 'SET': {
				if (words.includes('NX') && this.#get(key, now) !== undefined) return '$-1\r\n';
				this.#set(key, value, now + ttlOf(words));
				return ok;
			}
			case 'HSET':
				this.#set(key, value, Number.POSITIVE_INFINITY);
				return ':1\r\n';
			case 'DEL': {
				const count = words.filter((one) => this.#get(one, now) !== undefined && this.#values.delete(one)).length;
				return `:${count}\r\n`;
			}
			case 'EXPIRE': {
				const known = this.#values.get(key);
				if (known === undefined) return ':0\r\n';
				known.expiresAt = now + Number(value) * 1000;
				return ':1\r\n';
			}
			case 'INCR': {
				const next = Number(this.#get(key, now) ?? 0) + 1;
				this.#set(key, String(next), this.#values.get(key)?.expiresAt ?? Number.POSITIVE_INFINITY);
				return `:${next}\r\n`;
			}
			case 'LPUSH':
			case 'EVALSHA':
			case 'PUBLISH':
				return ':1\r\n';
			case 'BRPOP':
				return `*2\r\n${bulk(key)}${bulk('job')}`;
			case 'KEYS':
				return `*0\r\n`;
			default:
				return ok;
		}
	}

	#get(key: string, now: number): string | undefined {
		const known = this.#values.get(key);
		if (known !== undefined && known.expiresAt > now) return known.value;
		this.#values.delete(key);
		return undefined;
	}

	#set(key: string, value: string, expiresAt: number): void {
		this.#values.set(key, {value, expiresAt});
	}
}

const ok = '+OK\r\n';

function bulk(value: string | undefined): string {
	return value === undefined ? '$-1\r\n' : `$${value.length}\r\n${value}\r\n`;
}

function ttlOf(words: readonly string[]): number {
	const at = words.findIndex((word) => word === 'EX' || word === 'PX');
	if (at < 0) return Number.POSITIVE_INFINITY;
	return Number(words[at + 1]) * (words[at] === 'EX' ? 1000 : 1);
}
