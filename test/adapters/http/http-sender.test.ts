import { createHttpSender } from '../../../lib/adapters/http/http-sender.ts';
import { describeHttpConnections } from '../../contract/http-connections.contract.ts';
import { describeHttpReuse } from '../../contract/http-reuse.contract.ts';
import { describeHttpSender } from '../../contract/http-sender.contract.ts';

describeHttpSender('HTTP sender', createHttpSender);
describeHttpConnections('HTTP sender', createHttpSender);
describeHttpReuse('HTTP sender', createHttpSender);
