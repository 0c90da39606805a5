import {printable} from '../../text/printable.js';
import {Panel} from '../components/panel.js';
import {Words} from '../components/words.js';
import {useEngine} from '../hooks/use-screen.js';
import {viewTitles} from '../state/names.js';
import {elsewhereWords, type ViewOfRedis} from '../state/views/process-views.js';

/** The explanation instead of a view that needs a connection to Redis, while this program is attached to a live process. */
export function ProcessElsewhere({view}: {readonly view: ViewOfRedis}) {
	const url = useEngine(({snapshot}) => snapshot?.target.url ?? '');
	return (
		<Panel title={viewTitles[view]}>
			<Words>{printable(elsewhereWords(view, url))}</Words>
		</Panel>
	);
}
