import type {FoundNode} from '../nodes/node-list.js';

type Line = {
	readonly id: string;
	/** The addresses by which it may be announced: its IP address and, if it has one, its host name. */
	readonly addresses: readonly string[];
	readonly isLost: boolean;
	readonly isReplica: boolean;
	readonly masterId: string;
	readonly slots: number;
};

/** `<id> <ip:port@cport,hostname> <flags> <master> <ping> <pong> <epoch> <link> <slots …>` */
function parseLine(line: string): Line | undefined {
	const [id = '', endpoint = '', flags = '', masterId = '', , , , , ...ranges] = line.trim().split(' ');
	const [, host = '', port = '', name] = /^(.*):(\d+)(?:@\d+)?(?:,([^,]+))?/.exec(endpoint) ?? [];
	// A node that has no address yet, or no longer has one.
	if (host === '' || port === '0') return undefined;
	const words = flags.split(',');
	return {
		id,
		addresses: [host, ...(name === undefined || name === '' ? [] : [name])].map((each) => `${each}:${port}`),
		isLost: words.includes('fail'),
		isReplica: words.includes('slave'),
		masterId,
		slots: ranges.reduce((sum, range) => sum + slotsOf(range), 0),
	};
}

/** Of `5`, `0-5460`. A slot that moves, `[93->-…]`, is counted with its owner's range. */
function slotsOf(range: string): number {
	const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
	return first === undefined ? 0 : Number(last) - Number(first) + 1;
}

/**
 * The nodes that the others have marked as failed, from the reply to `CLUSTER NODES`. `CLUSTER SLOTS` leaves out a lost
 * replica, and a lost master whose slots another one has taken.
 *
 * @param isKnown True for an address that `CLUSTER SLOTS` names. It shows whether this cluster announces names.
 */
export function lostNodes(reply: string, isKnown: (address: string) => boolean): readonly FoundNode[] {
	const lines = reply.split('\n').flatMap((line) => parseLine(line) ?? []);
	const announcesNames = lines.some(({addresses: [, named]}) => named !== undefined && isKnown(named));
	const addressOf = ({addresses: [address = '', named]}: Line) => (announcesNames ? (named ?? address) : address);
	return lines.flatMap((line): FoundNode[] => {
		if (!line.isLost) return [];
		const master = line.isReplica ? lines.find(({id}) => id === line.masterId) : undefined;
		return [
			{
				address: addressOf(line),
				role: line.isReplica ? 'replica' : 'master',
				master: master && addressOf(master),
				slots: line.isReplica ? undefined : line.slots,
				isLost: true,
			},
		];
	});
}
