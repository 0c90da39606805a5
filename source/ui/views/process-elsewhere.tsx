import {printable} from '../../text/printable.js';
import {Panel} from '../components/panel.js';
import {Words} from '../components/words.js';
import {useEngine} from '../hooks/use-screen.js';
import {viewTitles} from '../state/names.js';
import {elsewhereWords, type ViewOfRedis} from '../state/views/process-views.js';

/** The words in place of a view that needs a Redis of this program, while it is attached to a live process. */
export function ProcessElsewhere({view}: {readonly view: ViewOfRedis}) {
	const url = useEngine(({snapshot}) => snapshot?.target.url ?? '');
	return (
		<Panel title={viewTitles[view]}>
			<Words>{printable(elsewhereWords(view, url))}</Words>
		</Panel>
	);
}
