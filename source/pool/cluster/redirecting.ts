import {monotonicNow} from '../../time/real-time.js';
import {NotConnectedError, ServerError} from '../errors.js';
import type {Redirect, RefusedCommand} from '../lanes/follow-each.js';
import type {Lane} from '../types.js';
import {hostOf} from './cluster-map.js';

export type RedirectingParts = {
	/** A lane to the node at the address; undefined if there is none yet. */
	readonly laneTo: (address: string, slot: number) => Lane | undefined;
	/** Called with the node that has the slot now, as MOVED names it. */
	readonly onMoved: (slot: number, address: string) => void;
	/** Called when the map of the cluster is outdated. */
	readonly onOutdated: () => void;
};

/** Error replies that name another node: `MOVED 3999 10.0.0.8:6379`. */
const pattern = /^(MOVED|ASK) (\d+) (.*):(\d+)/;

/**
 * Follows a redirection once: to the node that has the slot now (`MOVED`), or to the node that the slot is being migrated to
 * (`ASK`).
 */
export function redirecting({laneTo, onMoved, onOutdated}: RedirectingParts): Redirect {
	return async (refused, error) => {
		if (!(error instanceof ServerError)) throw error;
		if (error.prefix === 'READONLY' || error.prefix === 'CLUSTERDOWN') onOutdated();
		const [, word, slotText, host, port] = pattern.exec(error.message) ?? [];
		if (word === undefined) throw error;
		const slot = Number(slotText);
		const address = `${host || hostOf(refused.lane.node ?? '')}:${port}`;
		if (word === 'MOVED') onMoved(slot, address);
		const {redirects} = refused;
		if (redirects === 'none' || (redirects === 'ask' && word === 'MOVED')) throw error;
		const lane = laneTo(address, slot);
		if (word === 'MOVED') {
			if (lane === undefined)
				throw new NotConnectedError(`${refused.command} was not sent: ${address} is not connected yet`);
			return again(lane, refused);
		}
		if (lane?.state !== 'ready') throw outOfReach(refused, address, error);
		refused.onAsk?.(refused.args);
		return askImporting(lane, refused);
	};
}

function again(lane: Lane, {command, args, endsAt}: RefusedCommand): Promise<unknown> {
	return lane.send(command, args, {deadlineMs: leftUntil(endsAt), redirects: 'none'});
}

/** The server applies ASKING to the next command on the connection. */
async function askImporting(lane: Lane, {command, args, endsAt}: RefusedCommand): Promise<unknown> {
	const options = {deadlineMs: leftUntil(endsAt), redirects: 'none'} as const;
	const asking = lane.send('ASKING', [], {...options, isUpkeep: true});
	const reply = lane.send(command, args, options);
	const [asked] = await Promise.allSettled([asking, reply]);
	// If ASKING is refused, its error is the one to report: the command then fails with another MOVED.
	if (asked.status === 'rejected' && asked.reason instanceof ServerError) throw asked.reason;
	return reply;
}

/**
 * A `ServerError`, and not an error of a connection: the node that was asked has answered, and still serves its other slots.
 */
function outOfReach({command}: RefusedCommand, address: string, cause: ServerError): ServerError {
	return new ServerError(
		'unavailable',
		'TRYAGAIN',
		`${command} was not executed: the slot of its key is being moved to ${address}, which is not connected: finish moving it`,
		{cause},
	);
}

function leftUntil(endsAt: number): number {
	return Math.max(1, endsAt - monotonicNow());
}
