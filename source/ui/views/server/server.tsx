import {useUi} from '../../hooks/use-screen.js';
import type {ViewEntry} from '../view.js';
import {InfoTab} from './info-tab.js';
import {ReportTab} from './report-tab.js';

function ServerView() {
	const tab = useUi((ui) => ui.server.tab);
	return tab === 'info' ? <InfoTab /> : <ReportTab />;
}

export const server: ViewEntry = {
	component: ServerView,
	explain: {
		shows:
			'The URL of the server (of a private one with its password), the most important figures, and all of INFO with explanations of its main fields.',
		source:
			'INFO, read every second over a separate connection. While Redis is unreachable, the last answer with its age. The other tabs are read while they are open, at the interval in the frame (never while the screen is paused), and with r: SLOWLOG GET, CLIENT LIST, INFO ALL, MEMORY STATS and DOCTOR, CONFIG GET. `b` finds the biggest keys by SCAN and MEMORY USAGE, which do not count as lookups. Hot keys are read once, by HOTKEYS GET, or with an LFU policy by SCAN and 500 OBJECT FREQ, which count as lookups. `s` counts the keys in use for 2 s, after a confirmation: by HOTKEYS, else by MONITOR.',
		normal:
			'Used memory below maxmemory, no evictions, no blocked clients, and a fragmentation below 1.5. A maxmemory of 0 means that there is no limit. The clocks of the nodes of a cluster may differ by any amount: no value and no deadline depends on that. If a clock is set ahead while it is in use, changes in flight may miss their deadline, and are reconciled. If it is set back, a value may be a miss once.',
	},
};
