package io.rackgateway.deploy.config;

import io.rackgateway.deploy.model.Strategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The section {@code deploy.kubernetes}. */
public record KubernetesConfig(
    @Key(
            "The kubeconfig. Left out, what kubectl would take: KUBECONFIG, ~/.kube/config, or the service account of the"
                + " pod that this tool runs in.")
        @Nullable Path kubeconfig,
    @Key(
            value = "The context of the kubeconfig. Left out, its current one.",
            pattern = "^[^\\s]+$",
            expected = "the name of a context, without blanks",
            shown = true)
        @Nullable String context,
    @Key(
            value = "The namespace. Left out, the context's.",
            pattern = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
            expected = "the name of a namespace",
            shown = true)
        @Nullable String namespace,
    @Key(
            value =
                "The Deployment that runs the gateway. Left out, the only one that selector finds.",
            pattern = "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$",
            expected = "the name of a Deployment",
            shown = true)
        @Nullable String deployment,
    @Key(
            value = "The labels by which the Deployment is found where it is not named.",
            orElse = "app.kubernetes.io/name=rack-gateway",
            shown = true)
        String selector,
    @Key(
            value =
                "The container that runs the gateway. Left out, the only one of the gateway's image.",
            pattern = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
            expected = "the name of a container",
            shown = true)
        @Nullable String container,
    @Key(value = "The folder that manifests are named from.", orElse = ".") Path directory,
    @Key(
            value =
                "Files in which the gateway's image is edited: manifests, kustomization.yaml (images:) or a chart's"
                    + " values.yaml. Left out, the live Deployment alone is changed.",
            orElse = "[]",
            min = 0,
            shown = true)
        List<String> manifests,
    @Key(
            value =
                "A manifest with the Job that runs migrations. Left out, a Job is made from the Deployment, with"
                    + " migrate.command.",
            shown = true)
        @Nullable String migrationJob,
    @Key(
            value =
                "Whether the live Deployment is changed. false: only the manifests are edited, and the rollout of whoever"
                    + " watches them, as Argo CD or Flux, is waited for.",
            orElse = "true")
        boolean apply,
    @Key(
            value =
                "Field managers that the image is taken over from when it is applied; a conflict with any other stops the"
                    + " plan.",
            orElse =
                "[kubectl, kubectl-client-side-apply, kubectl-create, kubectl-edit, kubectl-patch, kubectl-rollout,"
                    + " kubectl-set, helm]",
            min = 0,
            shown = true)
        List<String> takeOver,
    @Key(
            value =
                "The order of a rollout: start-first (as the Deployment's own strategy says) or stop-first (scaled to zero"
                    + " before migrations).",
            orElse = "start-first",
            except = "recreate")
        Strategy strategy,
    @Key(
            value =
                "The port on which the gateway answers in its pod, for questions from within the cluster.",
            orElse = "8080",
            max = 65_535)
        int port,
    @Key(value = "How long a rollout may take.", orElse = "10m") Duration rolloutTimeout,
    @Key(value = "For how long a pod may wait for a node.", orElse = "2m")
        Duration schedulingTimeout,
    @Key(
            value = "For how long an API server that answered before may give no answer.",
            orElse = "3m")
        Duration patience) {}
