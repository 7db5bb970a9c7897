import { createHttpSender } from '../../../lib/adapters/http/http-sender.ts';
import { describeHttpConnections } from '../../contract/http-connections.contract.ts';
import { describeHttpSender } from '../../contract/http-sender.contract.ts';

describeHttpSender('node:http', createHttpSender);
describeHttpConnections('node:http', createHttpSender);
