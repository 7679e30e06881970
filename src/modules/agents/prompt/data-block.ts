export { DATA_RULE, dataBlock } from '../../providers/data-block.js';
