export {oneLine} from '../pool/one-line.js';
