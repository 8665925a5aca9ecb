package io.rackgateway.deploy.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * The RDS API on 127.0.0.1 in the AWS Query protocol, as far as snapshots and restores need it,
 * with {@code AssumeRole} of STS. Each snapshot and server takes as many looks as a test says until
 * it is available. A restored server gets what the request names, and for all else the defaults of
 * an account, as AWS does it.
 *
 * <p>It checks no signatures and no rights, does not page, knows one region and one account,
 * applies modifications at once, keeps no last snapshots, and does not check that groups, subnets
 * or keys exist. No database runs behind its endpoints but what a test puts there.
 */
public final class RdsStandIn implements AutoCloseable {

  /** An answer in place of the right one. */
  private record Fault(String action, int status, String code, String message) {}

  /** A server, snapshot or cluster: its fields and lists as the API names them, and its tags. */
  public static final class Thing {
    public final Map<String, String> fields = new TreeMap<>();
    public final Map<String, List<String>> lists = new TreeMap<>();
    public final Map<String, String> tags = new TreeMap<>();
    private final List<String> members = new ArrayList<>();
    private int looksLeft;
    private int looks;
    private boolean pending;
    private boolean stays;
    private @Nullable String endsAs;

    private void look(String statusField) {
      if (!pending || stays || looksLeft-- > 0) {
        return;
      }
      pending = false;
      fields.put(statusField, endsAs == null ? "available" : endsAs);
      endsAs = null;
    }
  }

  private static final String ARN = "arn:aws:rds:eu-west-1:123456789012:";

  private final MockWebServer server = new MockWebServer();
  private final Map<String, Thing> instances = new LinkedHashMap<>();
  private final Map<String, Thing> clusters = new LinkedHashMap<>();
  private final Map<String, Thing> snapshots = new LinkedHashMap<>();
  private final Map<String, Thing> clusterSnapshots = new LinkedHashMap<>();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final List<Map<String, String>> calls = new ArrayList<>();
  private final List<String> authorizations = new ArrayList<>();
  private final List<String> orderable = new ArrayList<>();
  private int looks;
  private int restoreLooks;
  private boolean snapshotsStay;
  private @Nullable String snapshotsEndAs;
  private @Nullable String restoresEndAs;
  private @Nullable Instant date;
  private final Map<String, String> addresses = new TreeMap<>();
  private @Nullable String restoredAddress;

  public RdsStandIn() throws IOException {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return handle(request);
          }
        });
    server.start(InetAddress.getLoopbackAddress(), 0);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  /** Snapshots from now on are {@code creating} for so many looks, with a rising percentage. */
  public void snapshotsTake(int newLooks) {
    looks = newLooks;
  }

  public void restoresTake(int newLooks) {
    restoreLooks = newLooks;
  }

  /** Snapshots from now on never leave {@code creating}. */
  public void snapshotsStay() {
    snapshotsStay = true;
  }

  /** The next snapshot ends in this state. */
  public void nextSnapshotEndsAs(String status) {
    snapshotsEndAs = status;
  }

  public void nextRestoreEndsAs(String status) {
    restoresEndAs = status;
  }

  /** The address that an instance tells, where a test has a server for it. */
  public synchronized void answersAt(String name, String host, int port) {
    addresses.put(name, host + " " + port);
  }

  /** The address that restored instances tell which have none of their own. */
  public synchronized void restoredAnswerAt(String host, int port) {
    restoredAddress = host + " " + port;
  }

  public synchronized void removeInstance(String name) {
    instances.remove(name);
  }

  public synchronized Set<String> instances() {
    return Set.copyOf(instances.keySet());
  }

  /** Instances of this class can be had. */
  public void offer(String instanceClass) {
    orderable.add(instanceClass);
  }

  /** The header {@code Date} of all answers. */
  public void dateIs(Instant time) {
    date = time;
  }

  /** The next calls of the action are answered by an error. */
  public synchronized void refuse(
      String action, int times, int status, String code, String message) {
    for (int i = 0; i < times; i++) {
      faults.add(new Fault(action, status, code, message));
    }
  }

  public synchronized Thing instance(String name) {
    return instances.get(name);
  }

  public synchronized Thing cluster(String name) {
    return clusters.get(name);
  }

  public synchronized Map<String, Thing> snapshots() {
    return new LinkedHashMap<>(snapshots);
  }

  public synchronized Map<String, Thing> clusterSnapshots() {
    return new LinkedHashMap<>(clusterSnapshots);
  }

  /** The parameters of the calls of an action, in order. */
  public synchronized List<Map<String, String>> calls(String action) {
    return calls.stream().filter(call -> action.equals(call.get("Action"))).toList();
  }

  /** The credentials that calls were signed with, in order. */
  public synchronized List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  /** An available PostgreSQL instance with the defaults of an account. */
  public synchronized Thing addInstance(String name) {
    Thing thing = new Thing();
    Map<String, String> fields = thing.fields;
    fields.put("DBInstanceIdentifier", name);
    fields.put("DBInstanceArn", ARN + "db:" + name);
    fields.put("DBInstanceStatus", "available");
    fields.put("DBInstanceClass", "db.m6g.large");
    fields.put("Engine", "postgres");
    fields.put("EngineVersion", "15.8");
    fields.put("AllocatedStorage", "100");
    fields.put("StorageType", "gp2");
    fields.put("MultiAZ", "false");
    fields.put("PubliclyAccessible", "true");
    fields.put("DeletionProtection", "false");
    fields.put("IAMDatabaseAuthenticationEnabled", "false");
    fields.put("CopyTagsToSnapshot", "false");
    fields.put("AutoMinorVersionUpgrade", "true");
    fields.put("BackupRetentionPeriod", "1");
    fields.put("MonitoringInterval", "0");
    fields.put("PerformanceInsightsEnabled", "false");
    fields.put("PreferredMaintenanceWindow", "sun:01:00-sun:01:30");
    fields.put("CACertificateIdentifier", "rds-ca-default");
    fields.put("Port", "5432");
    fields.put("DBSubnetGroupName", "default");
    thing.lists.put("DBParameterGroups", new ArrayList<>(List.of("default.postgres15")));
    thing.lists.put("OptionGroupMemberships", new ArrayList<>(List.of("default:postgres-15")));
    thing.lists.put("VpcSecurityGroups", new ArrayList<>(List.of("sg-default")));
    thing.lists.put("EnabledCloudwatchLogsExports", new ArrayList<>());
    instances.put(name, thing);
    return thing;
  }

  /** An available Aurora cluster with the defaults of an account and without instances. */
  public synchronized Thing addCluster(String name) {
    Thing thing = new Thing();
    Map<String, String> fields = thing.fields;
    fields.put("DBClusterIdentifier", name);
    fields.put("DBClusterArn", ARN + "cluster:" + name);
    fields.put("Status", "available");
    fields.put("Engine", "aurora-postgresql");
    fields.put("EngineVersion", "15.8");
    fields.put("AllocatedStorage", "1");
    fields.put("DeletionProtection", "false");
    fields.put("IAMDatabaseAuthenticationEnabled", "false");
    fields.put("CopyTagsToSnapshot", "false");
    fields.put("BackupRetentionPeriod", "1");
    fields.put("PreferredMaintenanceWindow", "sun:01:00-sun:01:30");
    fields.put("Port", "5432");
    fields.put("DBSubnetGroup", "default");
    fields.put("DBClusterParameterGroup", "default.aurora-postgresql15");
    thing.lists.put("VpcSecurityGroups", new ArrayList<>(List.of("sg-default")));
    thing.lists.put("EnabledCloudwatchLogsExports", new ArrayList<>());
    clusters.put(name, thing);
    return thing;
  }

  /** An instance of a cluster; the first is the writer. */
  public synchronized Thing addMember(String cluster, String name) {
    Thing member = addInstance(name);
    member.fields.put("Engine", clusters.get(cluster).fields.get("Engine"));
    member.fields.put("DBClusterIdentifier", cluster);
    clusters.get(cluster).members.add(name);
    return member;
  }

  private synchronized MockResponse handle(RecordedRequest request) {
    Map<String, String> call =
        parameters(request.getBody() == null ? "" : request.getBody().utf8());
    calls.add(call);
    authorizations.add(String.valueOf(request.getHeaders().get("Authorization")));
    String action = call.getOrDefault("Action", "");
    Fault fault =
        faults.stream().filter(next -> next.action.equals(action)).findFirst().orElse(null);
    if (fault != null) {
      faults.removeFirstOccurrence(fault);
      return error(fault.status, fault.code, fault.message);
    }
    return switch (action) {
      case "AssumeRole" -> assumeRole(call);
      case "DescribeDBInstances" -> describe(call, action, "DBInstance", instances);
      case "DescribeDBClusters" -> describe(call, action, "DBCluster", clusters);
      case "DescribeDBSnapshots" -> describe(call, action, "DBSnapshot", snapshots);
      case "DescribeDBClusterSnapshots" ->
          describe(call, action, "DBClusterSnapshot", clusterSnapshots);
      case "CreateDBSnapshot" -> createSnapshot(call, "DB", instances, snapshots);
      case "CreateDBClusterSnapshot" ->
          createSnapshot(call, "DBCluster", clusters, clusterSnapshots);
      case "DeleteDBSnapshot" -> deleteSnapshot(call, "DBSnapshot", snapshots);
      case "DeleteDBClusterSnapshot" -> deleteSnapshot(call, "DBClusterSnapshot", clusterSnapshots);
      case "AddTagsToResource" -> addTags(call);
      case "RestoreDBInstanceFromDBSnapshot" -> restoreInstance(call);
      case "RestoreDBClusterFromSnapshot" -> restoreCluster(call);
      case "CreateDBInstance" -> createMember(call);
      case "ModifyDBInstance" -> modify(call, "DBInstance", instances);
      case "ModifyDBCluster" -> modify(call, "DBCluster", clusters);
      case "DeleteDBInstance" -> delete(call, "DBInstance", instances);
      case "DeleteDBCluster" -> delete(call, "DBCluster", clusters);
      case "DescribeOrderableDBInstanceOptions" -> orderable(call);
      default -> error(400, "InvalidAction", "this stand-in does not know " + action);
    };
  }

  private MockResponse assumeRole(Map<String, String> call) {
    return answer(
        "AssumeRole",
        "<AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId><Arn>"
            + call.get("RoleArn")
            + "</Arn></AssumedRoleUser><Credentials><AccessKeyId>ASSUMED</AccessKeyId>"
            + "<SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>"
            + "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>");
  }

  private MockResponse describe(
      Map<String, String> call, String action, String kind, Map<String, Thing> things) {
    String name = call.get(kind + "Identifier");
    String key = name == null ? null : name.substring(name.lastIndexOf(':') + 1);
    if (key != null && !things.containsKey(key)) {
      return notFound(kind, key);
    }
    StringBuilder xml = new StringBuilder();
    things.forEach(
        (id, thing) -> {
          if (key == null || key.equals(id)) {
            thing.look(statusField(kind));
            percent(thing, kind);
            xml.append(xml(kind, thing));
          }
        });
    return answer(action, "<" + kind + "s>" + xml + "</" + kind + "s>");
  }

  private void percent(Thing thing, String kind) {
    if (kind.endsWith("Snapshot")) {
      boolean done = thing.fields.get("Status").equals("available");
      int whole = Math.max(1, looks);
      thing.fields.put(
          "PercentProgress",
          Integer.toString(done ? 100 : Math.min(99, 100 * thing.looks++ / whole)));
    }
  }

  private static String statusField(String kind) {
    return kind.equals("DBInstance") ? "DBInstanceStatus" : "Status";
  }

  private MockResponse notFound(String kind, String name) {
    String code =
        switch (kind) {
          case "DBCluster" -> "DBClusterNotFoundFault";
          case "DBClusterSnapshot" -> "DBClusterSnapshotNotFoundFault";
          default -> kind + "NotFound";
        };
    return error(404, code, kind + " " + name + " not found.");
  }

  private MockResponse createSnapshot(
      Map<String, String> call,
      String prefix,
      Map<String, Thing> sources,
      Map<String, Thing> existing) {
    String kind = prefix + "Snapshot";
    String sourceKind = prefix.equals("DB") ? "DBInstance" : "DBCluster";
    String id = call.get(kind + "Identifier");
    Thing source = sources.get(call.get(sourceKind + "Identifier"));
    if (source == null) {
      return notFound(sourceKind, call.get(sourceKind + "Identifier"));
    }
    if (existing.containsKey(id)) {
      return error(
          400,
          prefix.equals("DB") ? "DBSnapshotAlreadyExists" : "DBClusterSnapshotAlreadyExistsFault",
          "Cannot create the snapshot because a snapshot with the identifier " + id + " exists.");
    }
    String status = source.fields.get(statusField(sourceKind));
    if (!status.equals("available")) {
      return error(
          400,
          prefix.equals("DB") ? "InvalidDBInstanceState" : "InvalidDBClusterStateFault",
          "Instance is not currently in the available state but " + status + ".");
    }
    Thing snapshot = new Thing();
    snapshot.fields.put(kind + "Identifier", id);
    snapshot.fields.put(
        kind + "Arn", ARN + (prefix.equals("DB") ? "snapshot:" : "cluster-snapshot:") + id);
    snapshot.fields.put("Status", "creating");
    snapshot.fields.put("SnapshotType", "manual");
    snapshot.fields.put("AllocatedStorage", source.fields.get("AllocatedStorage"));
    snapshot.fields.put("Engine", source.fields.get("Engine"));
    snapshot.fields.put("SnapshotCreateTime", "2026-01-15T03:16:00Z");
    snapshot.tags.putAll(tags(call));
    snapshot.pending = true;
    snapshot.looksLeft = looks;
    snapshot.stays = snapshotsStay;
    snapshot.endsAs = snapshotsEndAs;
    snapshotsEndAs = null;
    existing.put(id, snapshot);
    return answer(call.get("Action"), xml(kind, snapshot));
  }

  private MockResponse deleteSnapshot(
      Map<String, String> call, String kind, Map<String, Thing> existing) {
    String id = call.get(kind + "Identifier");
    Thing snapshot = existing.get(id);
    if (snapshot == null) {
      return notFound(kind, id);
    }
    if (snapshot.fields.get("Status").equals("creating")) {
      return error(
          400, "InvalidDBSnapshotState", "The snapshot " + id + " is not in an available state.");
    }
    existing.remove(id);
    return answer(call.get("Action"), xml(kind, snapshot));
  }

  private MockResponse addTags(Map<String, String> call) {
    String arn = call.getOrDefault("ResourceName", "");
    String name = arn.substring(arn.lastIndexOf(':') + 1);
    for (Map<String, Thing> things : List.of(snapshots, clusterSnapshots, instances, clusters)) {
      if (things.containsKey(name)) {
        things.get(name).tags.putAll(tags(call));
        return answer("AddTagsToResource", "");
      }
    }
    return notFound("DBSnapshot", name);
  }

  private MockResponse restoreInstance(Map<String, String> call) {
    String name = call.get("DBInstanceIdentifier");
    Thing snapshot = snapshots.get(call.get("DBSnapshotIdentifier"));
    if (snapshot == null) {
      return notFound("DBSnapshot", call.get("DBSnapshotIdentifier"));
    }
    if (instances.containsKey(name)) {
      return error(400, "DBInstanceAlreadyExists", "DB instance already exists");
    }
    Thing copy = addInstance(name);
    copy.fields.put("AllocatedStorage", snapshot.fields.get("AllocatedStorage"));
    take(copy, call);
    begin(copy, "DBInstanceStatus");
    if (restoredAddress != null) {
      addresses.putIfAbsent(name, restoredAddress);
    }
    return answer(call.get("Action"), xml("DBInstance", copy));
  }

  private MockResponse restoreCluster(Map<String, String> call) {
    String name = call.get("DBClusterIdentifier");
    Thing snapshot = clusterSnapshots.get(call.get("SnapshotIdentifier"));
    if (snapshot == null) {
      return notFound("DBClusterSnapshot", call.get("SnapshotIdentifier"));
    }
    if (clusters.containsKey(name)) {
      return error(400, "DBClusterAlreadyExistsFault", "DB Cluster already exists");
    }
    Thing copy = addCluster(name);
    take(copy, call);
    if (call.containsKey("DBSubnetGroupName")) {
      copy.fields.put("DBSubnetGroup", call.get("DBSubnetGroupName"));
    }
    if (call.containsKey("DBClusterParameterGroupName")) {
      copy.fields.put("DBClusterParameterGroup", call.get("DBClusterParameterGroupName"));
    }
    begin(copy, "Status");
    return answer(call.get("Action"), xml("DBCluster", copy));
  }

  private MockResponse createMember(Map<String, String> call) {
    String name = call.get("DBInstanceIdentifier");
    if (instances.containsKey(name)) {
      return error(400, "DBInstanceAlreadyExists", "DB instance already exists");
    }
    Thing member = addMember(call.get("DBClusterIdentifier"), name);
    take(member, call);
    begin(member, "DBInstanceStatus");
    return answer(call.get("Action"), xml("DBInstance", member));
  }

  private void begin(Thing copy, String statusField) {
    copy.fields.put(statusField, "creating");
    copy.pending = true;
    copy.looksLeft = restoreLooks;
    copy.endsAs = restoresEndAs;
    restoresEndAs = null;
  }

  private MockResponse modify(Map<String, String> call, String kind, Map<String, Thing> things) {
    Thing thing = things.get(call.get(kind + "Identifier"));
    if (thing == null) {
      return notFound(kind, call.get(kind + "Identifier"));
    }
    take(thing, call);
    return answer(call.get("Action"), xml(kind, thing));
  }

  private MockResponse delete(Map<String, String> call, String kind, Map<String, Thing> things) {
    String name = call.get(kind + "Identifier");
    Thing thing = things.get(name);
    if (thing == null) {
      return notFound(kind, name);
    }
    if (Boolean.parseBoolean(thing.fields.get("DeletionProtection"))) {
      return error(400, "InvalidParameterCombination", "Cannot delete protected " + name);
    }
    if (kind.equals("DBCluster") && !thing.members.isEmpty()) {
      return error(400, "InvalidDBClusterStateFault", "Cluster still contains DB instances");
    }
    things.remove(name);
    clusters.values().forEach(cluster -> cluster.members.remove(name));
    return answer(call.get("Action"), xml(kind, thing));
  }

  private MockResponse orderable(Map<String, String> call) {
    String wanted = call.getOrDefault("DBInstanceClass", "");
    return answer(
        call.get("Action"),
        "<OrderableDBInstanceOptions>"
            + (orderable.contains(wanted)
                ? "<OrderableDBInstanceOption><DBInstanceClass>"
                    + wanted
                    + "</DBInstanceClass></OrderableDBInstanceOption>"
                : "")
            + "</OrderableDBInstanceOptions>");
  }

  /** Takes over what the call names, under the names that descriptions have for it. */
  private static void take(Thing thing, Map<String, String> call) {
    Map<String, String> renamed =
        Map.of(
            "EnableIAMDatabaseAuthentication", "IAMDatabaseAuthenticationEnabled",
            "EnablePerformanceInsights", "PerformanceInsightsEnabled");
    call.forEach(
        (name, value) -> {
          if (!name.contains(".") && !name.equals("Action") && !name.equals("Version")) {
            thing.fields.put(renamed.getOrDefault(name, name), value);
          }
        });
    list(thing, call, "VpcSecurityGroupIds.VpcSecurityGroupId.", "VpcSecurityGroups");
    list(thing, call, "EnableCloudwatchLogsExports.member.", "EnabledCloudwatchLogsExports");
    list(thing, call, "DBParameterGroupName", "DBParameterGroups");
    list(thing, call, "OptionGroupName", "OptionGroupMemberships");
    thing.tags.putAll(tags(call));
  }

  private static void list(Thing thing, Map<String, String> call, String prefix, String list) {
    List<String> values =
        call.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(prefix))
            .map(Map.Entry::getValue)
            .toList();
    if (!values.isEmpty()) {
      thing.lists.put(list, new ArrayList<>(values));
    }
  }

  private static Map<String, String> tags(Map<String, String> call) {
    Map<String, String> tags = new TreeMap<>();
    for (int i = 1; call.containsKey("Tags.Tag." + i + ".Key"); i++) {
      tags.put(call.get("Tags.Tag." + i + ".Key"), call.get("Tags.Tag." + i + ".Value"));
    }
    return tags;
  }

  private String xml(String kind, Thing thing) {
    StringBuilder xml = new StringBuilder("<" + kind + ">");
    thing.fields.forEach(
        (name, value) -> {
          if (!kind.equals("DBInstance") || !List.of("DBSubnetGroupName", "Port").contains(name)) {
            element(xml, name, value);
          }
        });
    if (kind.equals("DBInstance")) {
      xml.append("<DBSubnetGroup>");
      element(xml, "DBSubnetGroupName", thing.fields.get("DBSubnetGroupName"));
      xml.append("</DBSubnetGroup><Endpoint>");
      String name = thing.fields.get("DBInstanceIdentifier");
      String[] address =
          addresses.getOrDefault(name, name + ".db.test " + thing.fields.get("Port")).split(" ", 2);
      element(xml, "Address", address[0]);
      element(xml, "Port", address[1]);
      xml.append("</Endpoint>");
    }
    if (kind.equals("DBCluster")) {
      element(xml, "Endpoint", thing.fields.get("DBClusterIdentifier") + ".cluster.test");
      xml.append("<DBClusterMembers>");
      for (String member : thing.members) {
        xml.append("<DBClusterMember>");
        element(xml, "DBInstanceIdentifier", member);
        element(xml, "IsClusterWriter", Boolean.toString(member.equals(thing.members.get(0))));
        xml.append("</DBClusterMember>");
      }
      xml.append("</DBClusterMembers>");
    }
    members(xml, thing, "DBParameterGroups", "DBParameterGroup", "DBParameterGroupName");
    members(xml, thing, "OptionGroupMemberships", "OptionGroupMembership", "OptionGroupName");
    members(xml, thing, "VpcSecurityGroups", "VpcSecurityGroupMembership", "VpcSecurityGroupId");
    xml.append("<EnabledCloudwatchLogsExports>");
    thing
        .lists
        .getOrDefault("EnabledCloudwatchLogsExports", List.of())
        .forEach(log -> element(xml, "member", log));
    xml.append("</EnabledCloudwatchLogsExports><TagList>");
    thing.tags.forEach(
        (key, value) -> {
          xml.append("<Tag>");
          element(xml, "Key", key);
          element(xml, "Value", value);
          xml.append("</Tag>");
        });
    return xml.append("</TagList></" + kind + ">").toString();
  }

  private static void members(
      StringBuilder xml, Thing thing, String list, String member, String field) {
    xml.append('<').append(list).append('>');
    for (String value : thing.lists.getOrDefault(list, List.of())) {
      xml.append('<').append(member).append('>');
      element(xml, field, value);
      xml.append("</").append(member).append('>');
    }
    xml.append("</").append(list).append('>');
  }

  private static void element(StringBuilder xml, String name, String value) {
    String safe = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    xml.append('<').append(name).append('>').append(safe);
    xml.append("</").append(name).append('>');
  }

  private MockResponse answer(String action, String result) {
    MockResponse.Builder response =
        new MockResponse.Builder()
            .code(200)
            .addHeader("Content-Type", "text/xml")
            .body(
                "<"
                    + action
                    + "Response><"
                    + action
                    + "Result>"
                    + result
                    + "</"
                    + action
                    + "Result><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></"
                    + action
                    + "Response>");
    return dated(response);
  }

  private MockResponse dated(MockResponse.Builder response) {
    if (date != null) {
      response.addHeader(
          "Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atOffset(ZoneOffset.UTC)));
    }
    return response.build();
  }

  private MockResponse error(int status, String code, String message) {
    return dated(
        new MockResponse.Builder()
            .code(status)
            .addHeader("Content-Type", "text/xml")
            .body(
                "<ErrorResponse><Error><Type>Sender</Type><Code>"
                    + code
                    + "</Code><Message>"
                    + message
                    + "</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"));
  }

  private static Map<String, String> parameters(String body) {
    Map<String, String> parameters = new TreeMap<>();
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(
            URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  @Override
  public void close() {
    server.close();
  }
}
