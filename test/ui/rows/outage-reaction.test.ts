import {expect, test} from 'vitest';
import {reactionParts} from '../../../source/ui/rows/application/outage-reaction.js';
import {snapshotAt} from '../../support/fake-engine.js';

/** The words on an outage in which this many of the connections broke that were open before. */
function words(broken: number, before: number): string {
	const outage = snapshotAt(30, {application: {}, outage: {from: 20}}).application?.outage;
	if (!outage?.wire) throw new Error('there is an outage');
	const connections = {...outage.wire.connections, broken, before};
	return reactionParts({...outage, wire: {...outage.wire, connections}})
		.map(({text}) => text)
		.join(', ');
}

test('connections that broke again and again are not called a part of those that were open', () => {
	expect(words(2, 3)).toContain('2 of 3 connections broke');
	expect(words(17, 3)).toContain('17 connections broke, with 3 at the start');
	expect(words(2, 0)).toContain('2 connections broke, ');
	expect(words(0, 3)).toContain('no connection broke');
});
