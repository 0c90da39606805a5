import {formatLatency} from '../../../text/duration.js';
import {formatCount, formatPercent} from '../../../text/number.js';
import type {ProbeTimeline} from '../../probe-timeline.js';
import type {TimeSpan} from '../charts/chart.js';
import {latencyChart} from '../charts/latency-chart.js';
import {markChart} from '../charts/mark-chart.js';
import {timeAxis} from '../charts/time-axis.js';
import {type Html, html} from '../html.js';

/** The time lines of probes: how the application answered its own users meanwhile. */
export function probeTimelines(id: string, time: TimeSpan, probes: readonly ProbeTimeline[]): Html {
	return html`${probes.map((probe, index) => probeTimeline(`${id}-probe-${index + 1}`, time, probe))}`;
}

function probeTimeline(
	id: string,
	time: TimeSpan,
	{name, availability, recoveryMs, slotMs, slots, dots}: ProbeTimeline,
): Html {
	const failed = slots.reduce((sum, slot) => sum + slot.failedCalls, 0);
	const recovery = recoveryMs === null ? 'did not recover' : `recovered after ${formatLatency(recoveryMs)}`;
	const words = `${formatPercent(availability, 3, 'drop')} available, ${recovery}`;
	const times = slots.flatMap((slot, index) => (slot.failedCalls > 0 ? [(index + 0.5) * slotMs] : []));
	return html`${latencyChart({
		id,
		caption: html`<b>${name}</b> <span class="soft">${words}</span>`,
		title: `Answers of ${name} over time`,
		description: `${words}. ${formatCount(failed)} requests failed.`,
		time,
		slotMs,
		dots,
	})}${
		times.length > 0 &&
		markChart({
			id: `${id}-failed`,
			caption: html`<b>Failed requests</b>`,
			title: `Failed requests to ${name} over time`,
			description: `${formatCount(failed)} requests failed.`,
			time,
			rows: [{label: `failed: ${formatCount(failed)}`, shape: 'ring', times}],
		})
	}${timeAxis(time)}
`;
}
