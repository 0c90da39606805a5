import {double, type Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import type {Scored} from '../../values/sorted-set-value.js';

/** Replies with members, or with members and scores: pairs in RESP3, alternating in RESP2. */
export function scoredReply(client: Client, found: readonly Scored[], withScores: boolean): Reply {
	if (!withScores) return found.map(({key}) => key);
	return client.resp === 3 ? pairsReply(found) : found.flatMap(({key, score}) => [key, double(score)]);
}

export function pairsReply(found: readonly Scored[]): Reply {
	return found.map(({key, score}) => [key, double(score)]);
}
