package com.dalibo.pgbackrest.sidecar.remedy;

/// Of pods and nodes to which a cloud gives an identity, for repositories without a Secret.
final class IdentityRemedies {
  static final Remedy STS_UNREACHABLE =
      new Remedy(
          "(?:connect(?:ing)? to|get address for) '(?:sts\\.)",
          "keyType 'web-id' needs the AWS Security Token Service: let the pods reach it on port 443 (network policies,"
              + " VPC endpoint), or name the one of your region with 'repoN-s3-sts-host' in 'options', such as"
              + " sts.eu-west-3.amazonaws.com (pgBackRest 2.59 and newer)");

  static final Remedy STS_UNKNOWN_ISSUER =
      new Remedy(
          "InvalidIdentityToken",
          "AWS does not know who issued the token of the service account: create the IAM OIDC provider of this Kubernetes"
              + " cluster in the account of the role");

  static final Remedy STS_REFUSED =
      new Remedy(
          "Action=AssumeRoleWithWebIdentity\\S*: (?:AccessDenied|ValidationError|MalformedPolicyDocument|ExpiredToken)"
              + "|Not authorized to perform sts:AssumeRoleWithWebIdentity",
          "the IAM role refuses this service account: in the trust policy of the role, allow"
              + " sts:AssumeRoleWithWebIdentity to system:serviceaccount:NAMESPACE:CLUSTER, or correct the role in the"
              + " annotation 'eks.amazonaws.com/role-arn' under 'serviceAccountTemplate' of the Cluster");

  static final Remedy WEB_ID_MISSING =
      new Remedy(
          "'AWS_ROLE_ARN' and 'AWS_WEB_IDENTITY_TOKEN_FILE' are not set",
          "this pod was started without an IAM role: add the annotation 'eks.amazonaws.com/role-arn' under"
              + " 'serviceAccountTemplate' of the Cluster and restart its pods, or choose another 'keyType'");

  static final Remedy POD_ID_MISSING =
      new Remedy(
          "'AWS_CONTAINER_CREDENTIALS_FULL_URI' and 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE' are not set"
              + "|(?:connect(?:ing)? to) '169\\.254\\.170\\.23",
          "this pod has no EKS pod identity: install the EKS Pod Identity Agent, create a pod identity association for the"
              + " service account with the name of the Cluster, and restart the pods, or choose another 'keyType'");

  static final Remedy METADATA_UNREACHABLE =
      new Remedy(
          "(?:connect(?:ing)? to|get address for) '(?:169\\.254\\.169\\.254|metadata\\.google\\.internal)",
          "keyType 'auto' needs the metadata service of the node: let the pods reach 169.254.169.254 (network policies; on"
              + " AWS a hop limit of 2; on AKS no IMDS restriction), or choose another 'keyType'");

  static final Remedy NODE_WITHOUT_ROLE =
      new Remedy(
          "role to retrieve temporary credentials not found",
          "the node has no IAM role: attach an instance profile to the nodes, or choose keyType 'web-id' or 'pod-id'");

  static final Remedy NODE_WITH_ANOTHER_ROLE =
      new Remedy(
          "role '[^']*' not found",
          "the node does not have this IAM role: correct 'role' in the Stanza, or remove it to use the node's role");

  static final Remedy NO_MANAGED_IDENTITY =
      new Remedy(
          "Identity not found",
          "the node has no managed identity: assign one to the virtual machine scale set of the node pool and give it the"
              + " role 'Storage Blob Data Contributor', or choose keyType 'shared' or 'sas' with a Secret");

  static final Remedy SEVERAL_MANAGED_IDENTITIES =
      new Remedy(
          "Multiple user assigned identities exist",
          "the node has several managed identities, and pgBackRest cannot choose one: leave one on the node pool (AKS adds"
              + " some for add-ons), or choose keyType 'shared' or 'sas' with a Secret");

  private IdentityRemedies() {}
}
