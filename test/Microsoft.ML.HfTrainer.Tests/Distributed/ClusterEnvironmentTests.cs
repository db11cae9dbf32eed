namespace Microsoft.ML.HfTrainer.Tests.Distributed;

[TestClass]
public class ClusterEnvironmentTests
{
    [TestMethod]
    public void Without_variables_a_process_is_alone()
    {
        Assert.AreEqual(new ClusterEnvironment(), Read(""));
        Assert.AreEqual(new ClusterEnvironment(), Read("WORLD_SIZE=1 LOCAL_RANK=-1 RANK="));
        Assert.IsTrue(Read("") is { IsMain: true, IsLocalMain: true, Launcher: null });
    }

    [TestMethod]
    [DataRow("RANK=3 WORLD_SIZE=4 LOCAL_RANK=1 LOCAL_WORLD_SIZE=2 GROUP_RANK=1 GROUP_WORLD_SIZE=2", "torchrun 3/4 1/2 1/2", DisplayName = "torchrun")]
    [DataRow("RANK=3 WORLD_SIZE=4 LOCAL_RANK=1 LOCAL_WORLD_SIZE=2 NODE_RANK=1", "torchrun 3/4 1/2 1/2", DisplayName = "Azure ML")]
    [DataRow("RANK=1 WORLD_SIZE=2", "torchrun 1/2 0/1 1/2", DisplayName = "one process on each machine")]
    [DataRow("PMI_RANK=1 PMI_SIZE=2 MPI_LOCALRANKID=1 MPI_LOCALNRANKS=2", "MPICH 1/2 1/2 0/1", DisplayName = "MPICH")]
    [DataRow("OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_SIZE=4 OMPI_COMM_WORLD_LOCAL_RANK=0 OMPI_COMM_WORLD_LOCAL_SIZE=2", "Open MPI 2/4 0/2 1/2", DisplayName = "Open MPI")]
    [DataRow("MV2_COMM_WORLD_RANK=1 MV2_COMM_WORLD_SIZE=2 MV2_COMM_WORLD_LOCAL_RANK=1 MV2_COMM_WORLD_LOCAL_SIZE=2", "MVAPICH 1/2 1/2 0/1", DisplayName = "MVAPICH")]
    [DataRow("SLURM_JOB_ID=7 SLURM_STEP_ID=0 SLURM_PROCID=6 SLURM_STEP_NUM_TASKS=7 SLURM_NTASKS=9 SLURM_LOCALID=2 SLURM_STEP_TASKS_PER_NODE=2(x2),3 SLURM_NODEID=2 SLURM_STEP_NUM_NODES=3", "Slurm 6/7 2/3 2/3", DisplayName = "Slurm")]
    [DataRow("SLURM_PROCID=1 SLURM_NTASKS=2 SLURM_LOCALID=1 SLURM_NTASKS_PER_NODE=2", "Slurm 1/2 1/2 0/1", DisplayName = "Slurm, few variables")]
    [DataRow("SLURM_JOB_ID=7 SLURM_PROCID=0 SLURM_NTASKS=2", " 0/1 0/1 0/1", DisplayName = "the batch script of a Slurm job")]
    [DataRow("PET_NNODES=2 PET_NODE_RANK=1 PET_NPROC_PER_NODE=auto", "Kubeflow 1/2 0/1 1/2", DisplayName = "Kubeflow")]
    [DataRow("PET_NPROC_PER_NODE=2", " 0/1 0/1 0/1", DisplayName = "flags of a torchrun that did not start this process")]
    public void Each_launcher_is_understood(string variables, string place) => Assert.AreEqual(place, Show(Read(variables)));

    [TestMethod]
    [DataRow("RANK=1 WORLD_SIZE=2 PMI_RANK=1 PMI_SIZE=2 MPI_LOCALRANKID=1 MPI_LOCALNRANKS=2", "torchrun 1/2 1/2 0/1", DisplayName = "both describe the same place")]
    [DataRow("RANK=3 WORLD_SIZE=4 LOCAL_RANK=1 LOCAL_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2", "torchrun 3/4 1/2 1/2", DisplayName = "mpirun starts a torchrun on each machine")]
    [DataRow("RANK=3 WORLD_SIZE=4 LOCAL_RANK=1 LOCAL_WORLD_SIZE=2 SLURM_PROCID=1 SLURM_NTASKS=3", "torchrun 3/4 1/2 1/2", DisplayName = "the scheduler of another launcher has no say")]
    [DataRow("RANK=1 WORLD_SIZE=2 PET_NNODES=1:4 PET_NPROC_PER_NODE=2", "torchrun 1/2 0/1 1/2", DisplayName = "flags of a torchrun that may have other numbers")]
    public void The_first_launcher_decides(string variables, string place) => Assert.AreEqual(place, Show(Read(variables)));

    [TestMethod]
    [DataRow("RANK=0 WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2", "RANK is '0' of WORLD_SIZE '2', but OMPI_COMM_WORLD_RANK is '1' of OMPI_COMM_WORLD_SIZE '2'")]
    [DataRow("PMI_RANK=0 PMI_SIZE=2 MV2_COMM_WORLD_RANK=0 MV2_COMM_WORLD_SIZE=4", "PMI_RANK is '0' of PMI_SIZE '2', but MV2_COMM_WORLD_RANK is '0' of MV2_COMM_WORLD_SIZE '4'")]
    [DataRow("RANK=2 WORLD_SIZE=2", "RANK is '2', but WORLD_SIZE is '2'")]
    [DataRow("RANK=2", "RANK is '2', but WORLD_SIZE is not set")]
    [DataRow("OMPI_COMM_WORLD_SIZE=2", "OMPI_COMM_WORLD_RANK is not set, but OMPI_COMM_WORLD_SIZE is '2'")]
    [DataRow("RANK=0 WORLD_SIZE=two", "WORLD_SIZE has 'two'; it should be a whole number")]
    [DataRow("RANK=0 WORLD_SIZE=-2", "WORLD_SIZE has '-2'")]
    [DataRow("RANK=0 WORLD_SIZE=0", "RANK is '0', but WORLD_SIZE is '0'")]
    [DataRow("RANK=0 WORLD_SIZE=4 LOCAL_RANK=2 LOCAL_WORLD_SIZE=2", "LOCAL_RANK is '2', but LOCAL_WORLD_SIZE is '2'")]
    [DataRow("RANK=0 WORLD_SIZE=2 LOCAL_RANK=0 LOCAL_WORLD_SIZE=4", "LOCAL_WORLD_SIZE is '4', but WORLD_SIZE is '2'")]
    [DataRow("RANK=0 WORLD_SIZE=4 LOCAL_RANK=0 LOCAL_WORLD_SIZE=2 GROUP_RANK=2 GROUP_WORLD_SIZE=2", "GROUP_RANK is '2', but GROUP_WORLD_SIZE is '2'")]
    [DataRow("MASTER_PORT=70000", "MASTER_PORT")]
    [DataRow("SLURM_PROCID=0 SLURM_NTASKS=2 SLURM_TASKS_PER_NODE=2(y3)", "SLURM_TASKS_PER_NODE has '2(y3)'")]
    [DataRow("PET_NNODES=2 PET_NODE_RANK=0 PET_NPROC_PER_NODE=4", "PET_NPROC_PER_NODE is '4', but this process was started alone")]
    [DataRow("PET_NNODES=1:4 PET_NODE_RANK=0", "PET_NNODES has '1:4'")]
    public void What_contradicts_is_shown_together(string variables, string message) => Assert.Contains(message, Assert.ThrowsExactly<ArgumentException>(() => Read(variables)).Message);

    [TestMethod]
    [DataRow("MASTER_ADDR=10.0.0.1 MASTER_PORT=1234", "10.0.0.1", 1234, DisplayName = "as torchrun gives it")]
    [DataRow("MASTER_ADDR=fd00::1", "fd00::1", 29500, DisplayName = "an IPv6 address")]
    [DataRow("SLURM_PROCID=0 SLURM_NTASKS=2 SLURM_STEP_NODELIST=gpu[03-04,9],login", "gpu03", 29500, DisplayName = "the first host of a range")]
    [DataRow("SLURM_PROCID=0 SLURM_NTASKS=2 SLURM_NODELIST=a1,a2", "a1", 29500, DisplayName = "the first host of a list")]
    [DataRow("SLURM_PROCID=0 SLURM_NTASKS=2 SLURM_NODELIST=a1,a2 MASTER_ADDR=b1", "b1", 29500, DisplayName = "MASTER_ADDR before the list")]
    [DataRow("PET_NNODES=2 PET_NODE_RANK=0 PET_RDZV_ENDPOINT=job-0:23456", "job-0", 23456, DisplayName = "an endpoint")]
    public void The_place_to_meet_is_found(string variables, string address, int port)
    {
        var found = Read(variables);
        Assert.AreEqual((address, port), (found.MasterAddress, found.MasterPort));
    }

    [TestMethod]
    public void Restarts_are_counted() => Assert.AreEqual(2, Read("RANK=0 WORLD_SIZE=2 TORCHELASTIC_RESTART_COUNT=2").RestartCount);

    private static ClusterEnvironment Read(string variables) =>
        ClusterEnvironment.Read(variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(variable => variable.Split('=')).ToDictionary(parts => parts[0], parts => parts[1]));

    private static string Show(ClusterEnvironment found) =>
        $"{found.Launcher} {found.Rank}/{found.WorldSize} {found.LocalRank}/{found.LocalWorldSize} {found.NodeRank}/{found.NodeCount}";
}
