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
			'The URL of the server, of a private one with its password; the most important figures, then all of INFO with the meaning of its main fields.',
		source:
			'INFO, read every second over a connection of its own. While Redis is unreachable, the last answer with its age. The other tabs are read while they are open, as often as the frame says (never while the screen is paused), and by r: SLOWLOG GET, CLIENT LIST, INFO ALL, MEMORY STATS and DOCTOR, CONFIG GET. The biggest keys are found by SCAN and MEMORY USAGE, which count as no lookups, once `b` asks for them. Hot keys are read once, by HOTKEYS GET, or where the policy is LFU by SCAN and 500 OBJECT FREQ, which count as lookups of keys. `s` there counts keys in use for 2 s, after a question: by HOTKEYS, else by MONITOR.',
		normal:
			'Used memory below maxmemory, no evictions, no blocked clients, and a fragmentation below 1.5. A maxmemory of 0 means that there is no limit.',
	},
};
