import { DomainName, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Construct } from 'constructs';

/** A name of an operator's own for the API. */
export interface ApiDomainProps {
  /** `hooks.example.com` */
  name: string;
  /** Of the API's region. */
  certificate: ICertificate;
}

const NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

/**
 * The name by which the API is reached, over TLS 1.2 or newer.
 * @throws RangeError for what is no name of a host
 */
export class ApiDomain extends Construct {
  readonly url: string;
  readonly domainName: DomainName;
  /** Where the name's DNS record must lead. */
  readonly target: string;

  constructor(scope: Construct, id: string, { name, certificate }: ApiDomainProps) {
    super(scope, id);
    if (!NAME.test(name)) {
      throw new RangeError(
        `domain.name must be the name of a host such as hooks.example.com, is ${JSON.stringify(name)}`,
      );
    }
    this.domainName = new DomainName(this, 'Name', {
      domainName: name,
      certificate,
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    this.target = this.domainName.regionalDomainName;
    this.url = `https://${name}`;
  }
}
