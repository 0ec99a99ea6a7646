package com.dalibo.pgbackrest.sidecar.remedy;

/// Of connections that TLS does not let come about.
final class TlsRemedies {
  static final Remedy NO_TLS =
      new Remedy(
          "wrong version number",
          "the endpoint does not speak TLS: correct the port, or put http:// before the 'endpoint'");

  static final Remedy TLS_FAILED =
      new Remedy(
          "TLS error \\[",
          "the connection ended before TLS was agreed on: see that the store, and what stands before it (load balancer, proxy,"
              + " service mesh, firewall), speaks TLS 1.2 or newer at this port for this host name, and asks for no client"
              + " certificate");

  static final Remedy CERTIFICATE_OUT_OF_DATE =
      new Remedy(
          "unable to verify certificate presented by '[^']*': \\[(?:9|10)\\]",
          "the certificate of the store has expired, or is not valid yet: renew it at the store, or correct the clock of this"
              + " node (NTP)");

  static final Remedy UNKNOWN_AUTHORITY =
      new Remedy(
          "unable to verify certificate",
          "name the certificate authority of the store in 'caSecretRef' or 'caConfigMapRef'");

  static final Remedy AUTHORITY_UNREADABLE =
      new Remedy(
          "user-defined CA certificate location",
          "the certificate authority cannot be read: put its certificate in PEM, which begins with BEGIN CERTIFICATE, into the"
              + " key that 'caSecretRef' or 'caConfigMapRef' names");

  static final Remedy OTHER_HOST_IN_CERTIFICATE =
      new Remedy(
          "unable to find hostname",
          "the certificate of the store is for another host: correct 'endpoint' in the Stanza, or the certificate");

  private TlsRemedies() {}
}
