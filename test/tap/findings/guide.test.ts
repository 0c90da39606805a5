import {readFileSync} from 'node:fs';
import {expect, it} from 'vitest';
import {connectionChurnThresholds} from '../../../source/tap/findings/connections/connection-churn.js';
import {roundTripsThresholds} from '../../../source/tap/findings/connections/round-trips.js';
import {type FindingId, findingIds} from '../../../source/tap/findings/finding.js';
import {bigValueThresholds} from '../../../source/tap/findings/keys/big-value.js';
import {hotKeyThresholds} from '../../../source/tap/findings/keys/hot-key.js';
import {lowHitRatioThresholds} from '../../../source/tap/findings/keys/low-hit-ratio.js';
import {neverReadThresholds} from '../../../source/tap/findings/keys/never-read.js';
import {noTtlThresholds} from '../../../source/tap/findings/keys/no-ttl.js';
import {repeatedMissThresholds} from '../../../source/tap/findings/keys/repeated-miss.js';
import {sameTtlThresholds} from '../../../source/tap/findings/keys/same-ttl.js';
import {staleFillThresholds} from '../../../source/tap/findings/loads/stale-fill.js';
import {stampedeThresholds} from '../../../source/tap/findings/loads/stampede.js';
import {noTimeoutThresholds} from '../../../source/tap/findings/outage/no-timeout.js';
import {retryStormThresholds} from '../../../source/tap/findings/outage/retry-storm.js';
import {blockingCommandThresholds} from '../../../source/tap/findings/server/blocking-calls.js';
import {serverSettingsThresholds} from '../../../source/tap/findings/server/server-settings.js';

const thresholds: Readonly<Record<FindingId, Readonly<Record<string, number>>>> = {
	stampede: stampedeThresholds,
	'stale-fill': staleFillThresholds,
	'no-ttl': noTtlThresholds,
	'same-ttl': sameTtlThresholds,
	'hot-key': hotKeyThresholds,
	'big-value': bigValueThresholds,
	'blocking-command': blockingCommandThresholds,
	'round-trips': roundTripsThresholds,
	'connection-churn': connectionChurnThresholds,
	'never-read': neverReadThresholds,
	'low-hit-ratio': lowHitRatioThresholds,
	'repeated-miss': repeatedMissThresholds,
	'retry-storm': retryStormThresholds,
	'no-timeout': noTimeoutThresholds,
	'server-settings': serverSettingsThresholds,
};

const read = (page: string) => readFileSync(new URL(`../../../notes/guide/${page}.md`, import.meta.url), 'utf8');
const sections = ['findings-keys', 'findings-traffic'].flatMap((page) =>
	read(page)
		.split(/^## /m)
		.slice(1)
		.map((text) => ({page, id: text.slice(0, text.indexOf('\n')), text})),
);

it('lists the findings in their order, each with a link to its section', () => {
	const rows = [...read('findings').matchAll(/^\| \[`([\w-]+)`\]\(([\w-]+)\.md#([\w-]+)\) \| (.+) \|$/gm)];
	expect(rows.map(([, id]) => id)).toEqual(findingIds);
	for (const [, id, page, anchor, sentence = ''] of rows) {
		expect(anchor).toBe(id);
		expect(sections.find((section) => section.id === id)).toMatchObject({
			page,
			text: expect.stringContaining(sentence),
		});
	}
	expect(sections).toHaveLength(findingIds.length);
});

it.each(findingIds)('has the thresholds of %s, each with its reason, and tells what to do', (id) => {
	const section = sections.find((each) => each.id === id)?.text ?? '';
	const rows = [...section.matchAll(/^\| `(\w+)` \| ([\d.]+) \| (.+) \|$/gm)];
	const written = Object.fromEntries(rows.map(([, name, value]) => [name, Number(value)]));
	expect(written).toEqual(thresholds[id]);
	expect(rows.every(([, , , reason = '']) => reason.length > 10)).toBe(true);
	expect(section).toContain('**What to do.**');
	expect(section).toContain('**Silent when:**');
});
